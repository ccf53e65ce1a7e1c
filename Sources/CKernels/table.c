#include "ckernels.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern const pare_kernels pare_kernels_baseline, pare_kernels_avx2, pare_kernels_avx512;

const pare_kernels *pare_kernels_for(pare_isa isa) {
  switch (isa) {
  case PARE_AMX:
  case PARE_AVX512: return __builtin_cpu_supports("x86-64-v4") ? &pare_kernels_avx512 : NULL;
  case PARE_AVX2: return __builtin_cpu_supports("x86-64-v3") ? &pare_kernels_avx2 : NULL;
  case PARE_BASELINE: return &pare_kernels_baseline;
  }
  return NULL;
}

pare_isa pare_kernels_bound(void) {
  const char *wanted = getenv("PARE_ISA");
  if (wanted && strcmp(wanted, "avx2") == 0) return PARE_AVX2;
  if (wanted && strcmp(wanted, "baseline") == 0) return PARE_BASELINE;
  if (wanted && strcmp(wanted, "avx512") == 0) return PARE_AVX512;
  return PARE_AMX;
}

const pare_kernels *pare_kernels_table(void) {
  for (int isa = pare_kernels_bound(); isa > PARE_BASELINE; isa--) {
    const pare_kernels *kernels = pare_kernels_for((pare_isa)isa);
    if (kernels) return kernels;
  }
  return &pare_kernels_baseline;
}
