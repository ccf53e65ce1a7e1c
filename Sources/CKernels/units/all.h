// What the units that multiply bf16 numbers do, compiled once by each of dots.c and tiles.c, which
// define
//   BLOCK    the header with units_begin, units_end and block_part
//   KIND     the tag of the units
//   TABLE    the name of their table
#define LANES 16
#define HAS_FMA 1
#include "../include/ckernels.h"
#include "../loops/vector.h"
#include "../loops/activation.h"
#include "../loops/attention_terms.h"

#include "conversion.h"
#include "operands.h"
#include BLOCK
#include "product.h"

// In this order: each builds on the one before.
#include "softmax.h"
#include "attention.h"
#include "attention_slopes.h"
#include "attention_gradient.h"
#include "attention_gradient_sum.h"

const pare_bfloat_units TABLE = {
  .kind = KIND,
  .convert_rows = convert_rows,
  .transpose_rows = transpose_rows,
  .pack_panels = pack_panels,
  .pack_panels_transposed = pack_panels_transposed,
  .multiply = multiply,
  .multiply_gated = multiply_gated,
  .attention_packed_bytes = attention_packed_bytes,
  .attention_scratch_bytes = attention_scratch_bytes,
  .attention_pack = attention_pack,
  .attention_block = attention_block,
  .attention_gradient_packed_bytes = attention_gradient_packed_bytes,
  .attention_gradient_partial_count = attention_gradient_partial_count,
  .attention_gradient_scratch_bytes = attention_gradient_scratch_bytes,
  .attention_gradient_pack = attention_gradient_pack,
  .attention_gradient_head = attention_gradient_head,
  .attention_gradient_sum = attention_gradient_sum,
};
