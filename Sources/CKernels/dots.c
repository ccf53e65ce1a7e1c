#include <immintrin.h>

#define BLOCK "dots.h"
#define KIND PARE_DOTS
#define TABLE pare_bfloat_dots
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,f16c,bmi2"), min_vector_width(512))), apply_to = function)
#include "units/all.h"
#pragma clang attribute pop
