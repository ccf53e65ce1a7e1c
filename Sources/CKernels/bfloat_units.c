#define _GNU_SOURCE
#include "ckernels.h"
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

extern const pare_bfloat_units pare_bfloat_dots, pare_bfloat_tiles;

// Linux saves the tiles of a process only where that asked for it.
enum { request_permission = 0x1023, tile_data = 18 };

static int tiles_permitted;
static pthread_once_t asked = PTHREAD_ONCE_INIT;

static void ask_for_tiles(void) {
  tiles_permitted = syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

int pare_has_bfloat_units(pare_bfloat_kind kind) {
  if (!__builtin_cpu_supports("x86-64-v4") || !__builtin_cpu_supports("avx512bf16")) return 0;
  if (kind == PARE_DOTS) return 1;
  if (!__builtin_cpu_supports("amx-tile") || !__builtin_cpu_supports("amx-bf16")) return 0;
  pthread_once(&asked, ask_for_tiles);
  return tiles_permitted;
}

const pare_bfloat_units *pare_bfloat_units_of(pare_bfloat_kind kind) {
  return kind == PARE_TILES ? &pare_bfloat_tiles : &pare_bfloat_dots;
}

const pare_bfloat_units *pare_bfloat_units_within(pare_isa set) {
  const pare_isa bound = set < pare_kernels_bound() ? set : pare_kernels_bound();
  if (bound >= PARE_AMX && pare_has_bfloat_units(PARE_TILES)) return &pare_bfloat_tiles;
  // Intel's dot products of pairs run at half the rate of f32 products.
  if (bound >= PARE_AVX512 && !__builtin_cpu_is("intel") && pare_has_bfloat_units(PARE_DOTS))
    return &pare_bfloat_dots;
  return NULL;
}
