#pragma once
#include <stdint.h>

// Compiled AMX code for the emulator's own tests. Off x86-64 Linux it does nothing.
//
// A configuration is the 64 bytes of LDTILECFG; a stride is bytes from one row to the next.

/// One factor or result in memory.
struct amx_matrix {
  void *bytes;
  intptr_t stride;
};

/// Loads tiles 0, 1 and 2, multiplies so many times, stores tile 0.
void amx_exercise_product(
    const void *configuration, struct amx_matrix out, struct amx_matrix left,
    struct amx_matrix right, int times);

/// The same with tiles 7, 5 and 6, streaming loads, and a result that begins as zero.
void amx_exercise_fresh_product(
    const void *configuration, struct amx_matrix out, struct amx_matrix left,
    struct amx_matrix right);

/// Adds left x right to four results that stay in tiles 0 to 3: 2 x 2 blocks of 16 x 16, left
/// [32, pairs] and right [pairs, 32] pairs, packed; all strides in bytes, `pairs` a multiple of 16.
void amx_exercise_blocked_product(
    struct amx_matrix out, struct amx_matrix left, struct amx_matrix right, int pairs);

/// Loads tile 3 and stores it.
void amx_exercise_copy(const void *configuration, struct amx_matrix from, struct amx_matrix to);

/// Stores tile 3 three times: as the configuration leaves it, with 4 in each byte, and zeroed.
void amx_exercise_zero(
    const void *configuration, struct amx_matrix old, struct amx_matrix loaded,
    struct amx_matrix zeroed);

/// Loads tile 5 by a base register, an index register, a scale and a displacement that follow
/// from `variant`, below AMX_ADDRESS_VARIANTS, and stores it. Variants whose number is 3 of 16 have
/// no index, so that every row is the first. 64 KB below `from` must be free for base RSP, which
/// is a stack meanwhile.
void amx_exercise_address(
    const void *configuration, int variant, struct amx_matrix from, struct amx_matrix to);

/// How many variants of addresses there are.
#define AMX_ADDRESS_VARIANTS 16

/// Loads a configuration from the program's own constants, stores what then is configured at
/// `during`, releases, and stores that at `after`: 64 bytes each.
void amx_exercise_configurations(void *during, void *after);

/// The constant that amx_exercise_configurations loads.
extern const uint8_t amx_constant_configuration[64];

/// Calls machine code that the caller wrote, with RDI and RSI holding the arguments. Returns 0, or
/// -1 if there is no memory that may be executed.
int amx_exercise_code(const uint8_t *code, int count, void *rdi, intptr_t rsi);

/// Runs an instruction without a configuration: 0 TILEZERO, 1 TILELOADD, 2 TILELOADDT1,
/// 3 TILESTORED, 4 TDPBF16PS.
void amx_exercise_unconfigured(int which, void *memory);

/// Executes UD2, which no processor knows.
void amx_exercise_foreign_instruction(void);
