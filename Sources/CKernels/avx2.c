#define LANES 8
#define ISA PARE_AVX2
#define HAS_FMA 1
#define TABLE pare_kernels_avx2
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"))), apply_to = function)
#include "loops/all.h"
#pragma clang attribute pop
