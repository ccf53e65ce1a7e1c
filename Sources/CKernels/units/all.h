// What the units that multiply bf16 numbers do, compiled once by each of dots.c and tiles.c, which
// define
//   BLOCK    the header with units_begin, units_end and block
//   KIND     the tag of the units
//   TABLE    the name of their table
#define LANES 16
#define HAS_FMA 1
#include "../include/ckernels.h"
#include "../loops/vector.h"
#include "../loops/activation.h"

#include "operands.h"
#include BLOCK
#include "product.h"
#include "row.h"

const pare_bfloat_units TABLE = {
  .kind = KIND,
  .convert_rows = convert_rows,
  .transpose_rows = transpose_rows,
  .pack_panels = pack_panels,
  .pack_panels_transposed = pack_panels_transposed,
  .multiply = multiply,
  .multiply_gated = multiply_gated,
  .multiply_row = multiply_row,
};
