// Every family of loops, compiled once by each of baseline.c, avx2.c and avx512.c, which define
//   LANES    f32 elements of a vector
//   ISA      the instruction set's tag
//   HAS_FMA  whether it multiplies and adds, and rounds, in one instruction
//   TABLE    the name of its table
#include "../include/ckernels.h"
#include "vector.h"

#include "activation.h"

const pare_kernels TABLE = {
  .isa = ISA,
  .swiglu = swiglu,
  .swiglu_gradient = swiglu_gradient,
};
