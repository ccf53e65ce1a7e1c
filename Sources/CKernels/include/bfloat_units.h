#pragma once
#include <stdint.h>

#include "attention_shape.h"

/// The units of a processor that multiply bf16 numbers with sums in f32: AVX-512's dot products of
/// pairs, or the tiles of AMX.
typedef enum { PARE_DOTS = 1, PARE_TILES = 2 } pare_bfloat_kind;

/// out[rows, columns] = start + left · right. `left` bf16 [rows, inner], `inner` a multiple of 32;
/// the right factor in panels of 64 columns, see units/operands.h. A null start is zeros; it may be
/// `out`.
typedef struct {
  const uint16_t *left, *panels;
  int64_t inner, columns;
  const float *start;
  int64_t start_row;
  float *out;
  int64_t out_row;
} pare_panel_product;

/// out[rows, columns] = silu(left · gate) · (left · up), both right factors in panels; left · gate is
/// kept where projected_gate is not null.
typedef struct {
  const uint16_t *left, *gate, *up;
  int64_t inner, columns;
  float *out, *projected_gate;
  int64_t row;
} pare_gated_product;

/// What one kind of units does. The functions are described where they are written, in units/.
typedef struct {
  pare_bfloat_kind kind;

  // units/operands.h
  void (*convert_rows)(const float *source, int64_t stride, uint16_t *target, int64_t rows,
                       int64_t columns, int64_t padded);
  void (*transpose_rows)(const float *source, int64_t stride, uint16_t *target, int64_t rows,
                         int64_t columns, int64_t padded);
  void (*pack_panels)(const float *source, int64_t stride, uint16_t *target, int64_t inner,
                      int64_t columns, int64_t from, int64_t to);
  void (*pack_panels_transposed)(const float *source, int64_t stride, uint16_t *target,
                                 int64_t inner, int64_t columns, int64_t from, int64_t to);

  // units/product.h
  void (*multiply)(const pare_panel_product *product, int64_t rows, int64_t from, int64_t to);
  void (*multiply_gated)(const pare_gated_product *product, int64_t rows, int64_t from,
                         int64_t to);

  // units/attention.h
  int64_t (*attention_packed_bytes)(const pare_attention *shape);
  int64_t (*attention_scratch_bytes)(const pare_attention *shape);
  void (*attention_pack)(const pare_attention *shape, const float *k, const float *v, void *packed,
                         int64_t head, int64_t block);
  void (*attention_block)(const pare_attention *shape, const float *q, const void *packed,
                          float *out, float *log_sum, int64_t head, int64_t block, void *scratch);

  // units/attention_gradient.h, units/attention_gradient_sum.h
  int64_t (*attention_gradient_packed_bytes)(const pare_attention *shape);
  int64_t (*attention_gradient_partial_count)(const pare_attention *shape);
  int64_t (*attention_gradient_scratch_bytes)(const pare_attention *shape);
  void (*attention_gradient_pack)(const pare_attention *shape, const float *k, const float *v,
                                  void *packed, int64_t head, int64_t panel);
  void (*attention_gradient_head)(const pare_attention *shape, const float *d_out, const float *q,
                                  const float *out, const float *log_sum, const void *packed,
                                  float *dq, float *partial, int64_t head, void *scratch);
  void (*attention_gradient_sum)(const pare_attention *shape, const float *partial, float *dk,
                                 float *dv, int64_t head, int64_t panel);
} pare_bfloat_units;

/// Units of one kind, whether the processor has them or not.
const pare_bfloat_units *pare_bfloat_units_of(pare_bfloat_kind kind);

/// Whether the processor has a kind of units and the system lets the process use them.
int pare_has_bfloat_units(pare_bfloat_kind kind);
