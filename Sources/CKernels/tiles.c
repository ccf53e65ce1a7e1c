#include <immintrin.h>

#define BLOCK "tiles.h"
#define KIND PARE_TILES
#define TABLE pare_bfloat_tiles
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,f16c,bmi2"), min_vector_width(512))), apply_to = function)
#include "units/all.h"
#pragma clang attribute pop
