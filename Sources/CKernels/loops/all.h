// Every family of loops, compiled once by each of baseline.c, avx2.c and avx512.c, which define
//   LANES    f32 elements of a vector
//   ISA      the instruction set's tag
//   HAS_FMA  whether it multiplies and adds, and rounds, in one instruction
//   TABLE    the name of its table
#include "../include/ckernels.h"
#include "vector.h"

#include "activation.h"
#include "norm.h"
#include "rotary.h"
#include "softmax.h"

#include "panel.h"

#include "attention.h"
#include "attention_row.h"

#include "attention_gradient.h"

const pare_kernels TABLE = {
  .isa = ISA,
  .attention_packed_count = attention_packed_count,
  .attention_scratch_count = attention_scratch_count,
  .attention_pack = attention_pack,
  .attention_block = attention_block,
  .attention_rows = attention_rows,
  .attention_gradient_packed_count = attention_gradient_packed_count,
  .attention_gradient_partial_count = attention_gradient_partial_count,
  .attention_gradient_scratch_count = attention_gradient_scratch_count,
  .attention_gradient_pack = attention_gradient_pack,
  .attention_gradient_head = attention_gradient_head,
  .attention_gradient_sum = attention_gradient_sum,
  .rms_norm = rms_norm,
  .rms_norm_gradient = rms_norm_gradient,
  .rms_norm_sum = rms_norm_sum,
  .rotary = rotary,
  .softmax = softmax,
  .swiglu = swiglu,
  .swiglu_gradient = swiglu_gradient,
};
