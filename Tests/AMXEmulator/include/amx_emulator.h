#pragma once
#include <stdbool.h>
#include <stdint.h>

// Runs machine code with Intel AMX instructions on a processor that has none of them.
//
// Such an instruction raises SIGILL there. The emulator's handler decodes it where it stands,
// carries it out on tiles of its own, one set a thread, and goes on behind it: what is tested is
// the code that the compiler made, byte for byte as it runs on a processor with AMX.
//
// It knows LDTILECFG, STTILECFG, TILERELEASE, TILEZERO, TILELOADD, TILELOADDT1, TILESTORED and
// TDPBF16PS with palette 1 (8 tiles of 16 rows of 64 bytes). What a processor refuses with #UD or
// #GP, and an AMX instruction that it does not know, ends the process: it says on stderr which rule
// was broken, then aborts. Any other SIGILL goes to the handler that was there before.
//
// Limits: x86-64 Linux with AVX2 and FMA; no prefixes before VEX (segments, address size); a load
// that meets unmapped memory is a segmentation fault and is not taken up again at its start_row;
// which of two NaNs comes out of a sum is not promised. An instruction costs a signal.
//
// Sources: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2 (the instructions'
// pages, "Intel AMX Instruction Exception Classes"), volume 1, chapter on AMX, and the Intel
// Intrinsics Guide.

/// The instructions that are emulated.
enum amx_instruction {
  AMX_LDTILECFG,
  AMX_STTILECFG,
  AMX_TILERELEASE,
  AMX_TILEZERO,
  AMX_TILELOADD,
  AMX_TILELOADDT1,
  AMX_TILESTORED,
  AMX_TDPBF16PS,
};

/// How many kinds of instruction there are.
#define AMX_INSTRUCTION_COUNT 8

/// Whether AMX code needs the emulator here: false where the processor has AMX in bf16 and Linux
/// grants this process its tiles, which the call asks for.
bool amx_emulator_is_needed(void);

/// Makes AMX code run in this process, on all its threads, until as many calls of
/// amx_emulator_remove. Where the processor has AMX that changes nothing, and counts stay zero.
/// Returns whether AMX code runs now: false off x86-64 Linux and without AVX2 and FMA.
bool amx_emulator_install(void);

/// Takes back one amx_emulator_install; the last brings back the handler that was there before.
void amx_emulator_remove(void);

/// How many instructions of a kind were emulated since the process began, on all threads.
uint64_t amx_emulator_count(enum amx_instruction kind);

/// How many instructions of a kind were emulated on the calling thread since it began.
uint64_t amx_emulator_thread_count(enum amx_instruction kind);
