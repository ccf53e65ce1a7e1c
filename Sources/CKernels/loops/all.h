// Every family of loops, compiled once by each of baseline.c, avx2.c and avx512.c, which define
//   LANES    f32 elements of a vector
//   ISA      the instruction set's tag
//   HAS_FMA  whether it multiplies and adds, and rounds, in one instruction
//   TABLE    the name of its table
#include "../include/ckernels.h"
#include "vector.h"

#include "movement.h"
#include "elementwise.h"
#include "reduction.h"
#include "vocabulary.h"
#include "distillation.h"
#include "optimizer.h"
#include "statistics.h"
#include "bfloat.h"
#include "../units/operands.h"
#include "product.h"
#include "activation.h"
#include "product_row.h"
#include "norm.h"
#include "layer_norm.h"
#include "rotary.h"
#include "softmax.h"

// In this order: each builds on the one before.
#include "panel.h"
#include "attention_terms.h"
#include "attention.h"
#include "attention_row.h"
#include "attention_gradient.h"

const pare_kernels TABLE = {
  .isa = ISA,
  .copy = copy,
  .transpose = transpose,
  .convert_f32_i64 = convert_f32_i64,
  .convert_f32_bool = convert_f32_bool,
  .convert_i64_f32 = convert_i64_f32,
  .convert_i64_bool = convert_i64_bool,
  .convert_bool_f32 = convert_bool_f32,
  .convert_bool_i64 = convert_bool_i64,
  .accumulate = accumulate,
  .scale = scale,
  .unary_f32 = unary_f32,
  .unary_i64 = unary_i64,
  .not_bool = not_bool,
  .binary_f32 = binary_f32,
  .binary_i64 = binary_i64,
  .compare_f32 = compare_f32,
  .compare_i64 = compare_i64,
  .compare_bool = compare_bool,
  .select = select_either,
  .reduce_f32 = reduce_f32,
  .reduce_f64 = reduce_f64,
  .reduce_i64 = reduce_i64,
  .reduce_bool = reduce_bool,
  .reduce_index_f32 = reduce_index_f32,
  .reduce_index_i64 = reduce_index_i64,
  .log_sum_exp = log_sum_exp,
  .cross_entropy_update = cross_entropy_update,
  .cross_entropy_loss = cross_entropy_loss,
  .cross_entropy_gradient = cross_entropy_gradient,
  .divergence_update = divergence_update,
  .divergence_loss = divergence_loss,
  .divergence_gradient = divergence_gradient,
  .argmax = argmax,
  .reverse_divergence_gradient = reverse_divergence_gradient,
  .distance_update = distance_update,
  .mix_rows = mix_rows,
  .largest_update = largest_update,
  .gather_columns = gather_columns,
  .scatter_columns = scatter_columns,
  .sum_of_squares = sum_of_squares,
  .adam_w = adam_w,
  .time_moments = time_moments,
  .row_norms = row_norms,
  .cosine = cosine,
  .all_finite = all_finite,
  .round_to_bfloat = round_to_bfloat,
  .pack_panels = pack_panels,
  .pack_panels_transposed = pack_panels_transposed,
  .multiply_row_panels = multiply_row_panels,
  .multiply_row_gated = multiply_row_gated,
  .multiply_row_transposed = multiply_row_transposed,
  .multiply_row = multiply_row,
  .multiply_i64_rows = multiply_i64_rows,
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
  .norm_weight_sum = norm_weight_sum,
  .layer_norm = layer_norm,
  .layer_norm_gradient = layer_norm_gradient,
  .rotary = rotary,
  .softmax = softmax,
  .swiglu = swiglu,
  .swiglu_gradient = swiglu_gradient,
  .activate = activate,
  .activation_gradient = activation_gradient,
};
