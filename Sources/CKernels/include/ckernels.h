#pragma once
#include <stdint.h>

#include "attention_shape.h"
#include "bfloat_units.h"

/// The process's request to stop; kernels poll it between tiles. Safe in a signal handler.
void pare_interrupt_set(int value);
int pare_interrupt_get(void);

/// Adds to the number of places that must not be stopped half way; above 0 nothing is reported.
void pare_interrupt_hold(int change);

/// Keeps OpenMP, on which oneDNN runs, from making a team of its own for the calling thread.
void pare_openmp_alone(void);

/// How many cores the process's affinity mask allows.
int pare_allowed_cores(void);

/// Tells the processor that the calling thread spins.
static inline void pare_pause(void) { __builtin_ia32_pause(); }

/// The instruction sets that every loop is compiled for, and above them AMX, which adds
/// the tiles of bfloat_units.h.
typedef enum { PARE_BASELINE = 0, PARE_AVX2 = 1, PARE_AVX512 = 2, PARE_AMX = 3 } pare_isa;

/// What unary_f32 and its like compute.
typedef enum {
  PARE_NEGATE, PARE_ABSOLUTE, PARE_EXP, PARE_LOG, PARE_SQRT, PARE_TANH, PARE_SIGMOID, PARE_NOT
} pare_unary;

/// What binary_f32, compare_f32 and their like compute.
typedef enum {
  PARE_ADD, PARE_SUBTRACT, PARE_MULTIPLY, PARE_DIVIDE, PARE_MINIMUM, PARE_MAXIMUM, PARE_POWER,
  PARE_FLOOR_DIVIDE, PARE_REMAINDER,
  PARE_EQUAL, PARE_NOT_EQUAL, PARE_LESS, PARE_LESS_OR_EQUAL, PARE_GREATER, PARE_GREATER_OR_EQUAL,
  PARE_AND, PARE_OR
} pare_binary;

/// What reduce_f32 and its like compute.
typedef enum { PARE_SUM, PARE_LARGEST, PARE_SMALLEST } pare_reduction;

/// The activations of an MLP without a gate.
typedef enum { PARE_SQUARED_RELU, PARE_TANH_GELU } pare_activation;

/// The numbers of one AdamW update, worked out once for all elements.
typedef struct {
  float gradient_scale;     // what the gradient is multiplied by, below 1 where it is clipped
  float beta1, beta2;
  float epsilon;
  float decay;              // 1 - learning rate * weight decay
  float rate;               // learning rate / (1 - beta1^t)
  float second_correction;  // sqrt(1 - beta2^t)
} pare_adam_w;

/// The loops of one instruction set. Sizes are element counts; rows are contiguous. The functions of
/// a family are described where they are written, in loops/.
typedef struct pare_kernels {
  pare_isa isa;

  // loops/movement.h
  void (*copy)(int size, const void *source, int64_t source_stride, void *target,
               int64_t target_stride, int64_t count);
  void (*transpose)(int size, const void *source, int64_t source_stride, void *target,
                    int64_t target_stride, int64_t rows, int64_t columns);
  void (*convert_f32_i64)(const float *x, int64_t *out, int64_t count);
  void (*convert_f32_bool)(const float *x, uint8_t *out, int64_t count);
  void (*convert_i64_f32)(const int64_t *x, float *out, int64_t count);
  void (*convert_i64_bool)(const int64_t *x, uint8_t *out, int64_t count);
  void (*convert_bool_f32)(const uint8_t *x, float *out, int64_t count);
  void (*convert_bool_i64)(const uint8_t *x, int64_t *out, int64_t count);
  void (*accumulate)(const float *x, float scale, float *target, int64_t count);
  void (*scale)(const float *x, float scale, float *target, int64_t count);

  // loops/elementwise.h
  void (*unary_f32)(pare_unary operation, const float *x, float *out, int64_t count);
  void (*unary_i64)(pare_unary operation, const int64_t *x, int64_t *out, int64_t count);
  void (*not_bool)(const uint8_t *x, uint8_t *out, int64_t count);
  void (*binary_f32)(pare_binary operation, const float *a, int64_t a_stride, const float *b,
                     int64_t b_stride, float *out, int64_t count);
  void (*binary_i64)(pare_binary operation, const int64_t *a, int64_t a_stride, const int64_t *b,
                     int64_t b_stride, int64_t *out, int64_t count);
  void (*compare_f32)(pare_binary operation, const float *a, int64_t a_stride, const float *b,
                      int64_t b_stride, uint8_t *out, int64_t count);
  void (*compare_i64)(pare_binary operation, const int64_t *a, int64_t a_stride, const int64_t *b,
                      int64_t b_stride, uint8_t *out, int64_t count);
  void (*compare_bool)(pare_binary operation, const uint8_t *a, int64_t a_stride, const uint8_t *b,
                       int64_t b_stride, uint8_t *out, int64_t count);
  void (*select)(int size, const uint8_t *condition, int64_t c_stride, const void *a,
                 int64_t a_stride, const void *b, int64_t b_stride, void *out, int64_t count);

  // loops/reduction.h
  void (*reduce_f32)(pare_reduction reduction, const float *x, int64_t count, int64_t stride,
                     int64_t width, double *totals);
  void (*reduce_f64)(pare_reduction reduction, const double *x, int64_t count, int64_t stride,
                     int64_t width, double *totals);
  void (*reduce_i64)(pare_reduction reduction, const int64_t *x, int64_t count, int64_t stride,
                     int64_t width, int64_t *totals);
  void (*reduce_bool)(pare_reduction reduction, const uint8_t *x, int64_t count, int64_t stride,
                      int64_t width, int64_t *totals);
  void (*reduce_index_f32)(int largest, const float *x, int64_t count, int64_t stride,
                           int64_t width, int64_t *indices);
  void (*reduce_index_i64)(int largest, const int64_t *x, int64_t count, int64_t stride,
                           int64_t width, int64_t *indices);
  float (*log_sum_exp)(const float *x, int64_t count);

  // loops/vocabulary.h
  void (*cross_entropy_update)(const float *logits, int64_t target, float *state, int64_t columns,
                               int64_t first_column, int is_first);
  float (*cross_entropy_loss)(const float *state);
  void (*cross_entropy_gradient)(float *logits, int64_t target, const float *state, float scale,
                                 int64_t columns, int64_t first_column);
  void (*divergence_update)(const float *teacher, const float *student, float *state,
                            float temperature, int64_t columns, int is_first);
  float (*divergence_loss)(const float *state);
  void (*divergence_gradient)(const float *teacher, float *student, const float *state,
                              float temperature, float scale, int64_t columns);
  int64_t (*argmax)(const float *logits, int64_t columns, float *largest);

  // loops/distillation.h
  void (*reverse_divergence_gradient)(const float *teacher, float *student, const float *state,
                                      float temperature, float scale, int64_t columns);
  void (*distance_update)(const float *teacher, const float *student, float *state,
                          int64_t columns, int is_first);
  void (*mix_rows)(const float *teacher, float *student, float a, float b, int64_t columns);
  void (*largest_update)(const float *logits, const float *companion, float *values,
                         float *companions, int64_t *ids, int64_t kept, int64_t columns,
                         int64_t first_column, int is_first);
  void (*gather_columns)(const float *logits, const int64_t *ids, float *values, int64_t kept,
                         int64_t columns, int64_t first_column, int is_first);
  void (*scatter_columns)(const float *values, const int64_t *ids, float *logits, float scale,
                          int64_t kept, int64_t columns, int64_t first_column);

  // loops/optimizer.h
  double (*sum_of_squares)(const float *x, int64_t count);
  void (*adam_w)(const pare_adam_w *step, const float *parameter, float *gradient, float *first,
                 float *second, int64_t count);

  // loops/statistics.h
  void (*time_moments)(const float *x, int64_t time, int64_t stride, int64_t width,
                       float *absolute_mean, float *norm, float *variance);
  void (*row_norms)(const float *x, int64_t rows, int64_t width, float *norms);
  float (*cosine)(const float *x, const float *y, int64_t count);
  int (*all_finite)(const float *x, int64_t count);

  // loops/bfloat.h
  void (*round_to_bfloat)(const float *source, float *target, int64_t count);

  // units/operands.h, loops/product_row.h
  void (*pack_panels)(const float *source, int64_t stride, uint16_t *target, int64_t inner,
                      int64_t columns, int64_t from, int64_t to);
  void (*pack_panels_transposed)(const float *source, int64_t stride, uint16_t *target,
                                 int64_t inner, int64_t columns, int64_t from, int64_t to);
  void (*multiply_row_panels)(const float *x, const uint16_t *panels, const float *start,
                              float *out, int64_t inner, int64_t columns, int64_t from,
                              int64_t to);
  void (*multiply_row_gated)(const float *x, const uint16_t *gate, const uint16_t *up, float *out,
                             float *projected_gate, int64_t inner, int64_t columns, int64_t from,
                             int64_t to);

  // loops/product.h
  void (*multiply_row_transposed)(const float *x, const float *weight, float *out, int64_t inner,
                                  int64_t from, int64_t to, int accumulates);
  void (*multiply_row)(const float *x, const float *right, float *out, int64_t inner,
                       int64_t columns, int64_t from, int64_t to, int accumulates);
  void (*multiply_i64_rows)(const int64_t *left, const int64_t *right, int64_t *out, int64_t rows,
                            int64_t columns, int64_t inner);

  // loops/attention.h, loops/attention_row.h
  int64_t (*attention_packed_count)(const pare_attention *shape);
  int64_t (*attention_scratch_count)(const pare_attention *shape);
  void (*attention_pack)(const pare_attention *shape, const float *k, const float *v,
                         float *packed, int64_t head, int64_t block);
  void (*attention_block)(const pare_attention *shape, const float *q, const float *packed,
                          float *out, float *log_sum, int64_t head, int64_t block, float *scratch);
  void (*attention_rows)(const pare_attention *shape, const float *q, const float *k,
                         const float *v, float *out, float *log_sum, int64_t head);

  // loops/attention_gradient.h
  int64_t (*attention_gradient_packed_count)(const pare_attention *shape);
  int64_t (*attention_gradient_partial_count)(const pare_attention *shape);
  int64_t (*attention_gradient_scratch_count)(const pare_attention *shape);
  void (*attention_gradient_pack)(const pare_attention *shape, const float *k, const float *v,
                                  float *packed, int64_t head, int64_t block);
  void (*attention_gradient_head)(const pare_attention *shape, const float *d_out, const float *q,
                                  const float *out, const float *log_sum, const float *packed,
                                  float *dq, float *partial, int64_t head, float *scratch);
  void (*attention_gradient_sum)(const pare_attention *shape, const float *partial, float *dk,
                                 float *dv, int64_t head, int64_t block);

  // loops/norm.h
  void (*rms_norm)(const float *x, const float *weight, float *out, float *inverse, int64_t rows,
                   int64_t width, int64_t divisor, float epsilon);
  void (*rms_norm_gradient)(const float *d_out, const float *x, const float *weight,
                            const float *inverse, float *dx, float *d_weight, int64_t rows,
                            int64_t width, int64_t divisor);
  void (*norm_weight_sum)(const float *partial, int64_t blocks, int64_t width, float *d_weight,
                       int64_t first, int64_t end, int32_t adds);

  // loops/layer_norm.h
  void (*layer_norm)(const float *x, const float *weight, const float *bias, float *out,
                     float *mean, float *inverse, int64_t rows, int64_t width, int64_t divisor,
                     float epsilon);
  void (*layer_norm_gradient)(const float *d_out, const float *x, const float *weight,
                              const float *mean, const float *inverse, float *dx, float *d_weight,
                              int64_t rows, int64_t width, int64_t divisor);

  // loops/rotary.h
  void (*rotary)(const float *x, const float *cosines, const float *sines, float *out,
                 int64_t heads, int64_t head_dim, int64_t rotated, float direction);

  // loops/softmax.h
  void (*softmax)(const float *x, float *out, int64_t rows, int64_t width);

  // loops/activation.h
  void (*swiglu)(const float *gate, const float *up, float *out, int64_t count);
  void (*swiglu_gradient)(const float *d_out, const float *gate, const float *up, float *d_gate,
                          float *d_up, int64_t count);
  void (*activate)(pare_activation function, const float *x, float *out, int64_t count);
  void (*activation_gradient)(pare_activation function, const float *d_out, const float *x,
                              float *dx, int64_t count);
} pare_kernels;

/// The best instruction set that the environment variable PARE_ISA allows.
pare_isa pare_kernels_bound(void);

/// The loops of the best instruction set that the processor has, or of the one that the environment
/// variable PARE_ISA names (baseline, avx2, avx512, amx) where the processor has it.
const pare_kernels *pare_kernels_table(void);

/// The loops of one instruction set; null where the processor lacks it.
const pare_kernels *pare_kernels_for(pare_isa isa);

/// The best bf16 units that an instruction set and the environment variable PARE_ISA allow, that the
/// processor has and that are worth using; null where there are none.
const pare_bfloat_units *pare_bfloat_units_within(pare_isa set);
