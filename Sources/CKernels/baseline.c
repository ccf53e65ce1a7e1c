#define LANES 4
#define ISA PARE_BASELINE
#define HAS_FMA 0
#define TABLE pare_kernels_baseline
#pragma clang diagnostic ignored "-Wpsabi"

#include "loops/all.h"
