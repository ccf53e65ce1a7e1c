#define _GNU_SOURCE
#include "amx_emulator.h"

#if defined(__x86_64__) && defined(__linux__)
#include "decode.h"
#include "refuse.h"
#include "tiles.h"
#include <asm/prctl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// The model makes reading it safe in a signal handler: nothing is allocated at the first use.
#define THREAD_OWNED _Thread_local __attribute__((tls_model("initial-exec")))

static THREAD_OWNED struct tiles own_tiles;
static THREAD_OWNED uint64_t own_counts[AMX_INSTRUCTION_COUNT];
static _Atomic uint64_t all_counts[AMX_INSTRUCTION_COUNT];

static pthread_mutex_t installing = PTHREAD_MUTEX_INITIALIZER;
static int installed;
static struct sigaction previous;

static const char *execute(const struct amx_decoded *instruction, struct tiles *tiles) {
  const int *tile = instruction->tiles;
  const uintptr_t address = instruction->address;
  switch (instruction->kind) {
    case AMX_LDTILECFG: return tiles_configure(tiles, (const uint8_t *)address);
    case AMX_STTILECFG: tiles_store_configuration(tiles, (uint8_t *)address); return 0;
    case AMX_TILERELEASE: memset(tiles, 0, sizeof *tiles); return 0;
    case AMX_TILEZERO: return tiles_zero(tiles, tile[0]);
    case AMX_TILELOADD:
    case AMX_TILELOADDT1: return tiles_load(tiles, tile[0], address, instruction->stride);
    case AMX_TILESTORED: return tiles_store(tiles, tile[0], address, instruction->stride);
    case AMX_TDPBF16PS: return tiles_multiply(tiles, tile[0], tile[1], tile[2]);
  }
  return "the instruction is of no known kind";
}

static void pass_on(int number, siginfo_t *information, void *context) {
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(number, information, context);
    return;
  }
  const bool was_sent = information->si_code <= 0;
  if (previous.sa_handler == SIG_IGN && was_sent) return;
  if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(number);
    return;
  }
  // A faulting instruction comes again when the handler returns; a sent signal does not.
  signal(number, SIG_DFL);
  if (was_sent) raise(number);
}

static void handle(int number, siginfo_t *information, void *context) {
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  struct amx_decoded instruction;
  // A code above zero is the processor's; RIP of a signal that was sent is anywhere.
  const enum amx_encoding encoding =
      information->si_code > 0 ? amx_decode(registers, &instruction) : AMX_FOREIGN;
  if (encoding == AMX_FOREIGN) {
    pass_on(number, information, context);
    return;
  }
  const char *problem =
      encoding == AMX_REFUSED ? instruction.problem : execute(&instruction, &own_tiles);
  if (problem) amx_refuse(problem, &instruction, &own_tiles, (uintptr_t)registers[REG_RIP]);
  own_counts[instruction.kind]++;
  atomic_fetch_add_explicit(&all_counts[instruction.kind], 1, memory_order_relaxed);
  registers[REG_RIP] += instruction.length;
}

bool amx_emulator_is_needed(void) {
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  if (!__builtin_cpu_supports("amx-tile") || !__builtin_cpu_supports("amx-bf16")) return true;
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) != 0;
}

bool amx_emulator_install(void) {
  if (!amx_emulator_is_needed()) return true;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return false;
  pthread_mutex_lock(&installing);
  bool succeeded = true;
  if (installed == 0) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    // Read before it is replaced: the handler may run at once.
    succeeded = sigaction(SIGILL, 0, &previous) == 0 && sigaction(SIGILL, &action, 0) == 0;
  }
  if (succeeded) installed++;
  pthread_mutex_unlock(&installing);
  return succeeded;
}

void amx_emulator_remove(void) {
  pthread_mutex_lock(&installing);
  if (installed > 0 && --installed == 0) sigaction(SIGILL, &previous, 0);
  pthread_mutex_unlock(&installing);
}

uint64_t amx_emulator_count(enum amx_instruction kind) {
  return atomic_load_explicit(&all_counts[kind], memory_order_relaxed);
}

uint64_t amx_emulator_thread_count(enum amx_instruction kind) { return own_counts[kind]; }

#else

bool amx_emulator_is_needed(void) { return true; }
bool amx_emulator_install(void) { return false; }
void amx_emulator_remove(void) {}
uint64_t amx_emulator_count(enum amx_instruction kind) { return (void)kind, 0; }
uint64_t amx_emulator_thread_count(enum amx_instruction kind) { return (void)kind, 0; }

#endif
