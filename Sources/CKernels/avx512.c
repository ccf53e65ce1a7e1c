#define LANES 16
#define ISA PARE_AVX512
#define HAS_FMA 1
#define TABLE pare_kernels_avx512
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c,bmi2"), min_vector_width(512))), apply_to = function)
#include "loops/all.h"
#pragma clang attribute pop
