#include "ckernels.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern const pare_kernels pare_kernels_baseline, pare_kernels_avx2, pare_kernels_avx512;

const pare_kernels *pare_kernels_for(pare_isa isa) {
  switch (isa) {
  case PARE_AVX512: return __builtin_cpu_supports("x86-64-v4") ? &pare_kernels_avx512 : NULL;
  case PARE_AVX2: return __builtin_cpu_supports("x86-64-v3") ? &pare_kernels_avx2 : NULL;
  case PARE_BASELINE: return &pare_kernels_baseline;
  }
  return NULL;
}

const pare_kernels *pare_kernels_table(void) {
  const char *wanted = getenv("PARE_ISA");
  pare_isa best = PARE_AVX512;
  if (wanted && strcmp(wanted, "avx2") == 0) best = PARE_AVX2;
  if (wanted && strcmp(wanted, "baseline") == 0) best = PARE_BASELINE;
  for (int isa = best; isa > PARE_BASELINE; isa--) {
    const pare_kernels *kernels = pare_kernels_for((pare_isa)isa);
    if (kernels) return kernels;
  }
  return &pare_kernels_baseline;
}
