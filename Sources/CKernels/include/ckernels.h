#pragma once
#include <stdint.h>

/// The process's request to stop; kernels poll it between tiles. Safe in a signal handler.
void pare_interrupt_set(int value);
int pare_interrupt_get(void);

/// Keeps OpenMP, on which oneDNN runs, from making a team of its own for the calling thread.
void pare_openmp_alone(void);

/// How many cores the process's affinity mask allows.
int pare_allowed_cores(void);

/// Tells the processor that the calling thread spins.
static inline void pare_pause(void) { __builtin_ia32_pause(); }

/// The instruction sets that every loop is compiled for.
typedef enum { PARE_BASELINE = 0, PARE_AVX2 = 1, PARE_AVX512 = 2 } pare_isa;

/// The sizes of attention, described in loops/attention.h; a window of INT64_MAX hides nothing.
typedef struct {
  int64_t batch, heads, kv_heads, head_dim;
  int64_t queries, keys, key_capacity, window;
  float scale;
} pare_attention;

/// Queries of a block, and keys of a block, of attention.
enum { PARE_QUERY_BLOCK = 64, PARE_KEY_BLOCK = 128 };

/// The loops of one instruction set. Sizes are element counts; rows are contiguous. The functions of
/// a family are described where they are written, in loops/.
typedef struct pare_kernels {
  pare_isa isa;

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
  void (*rms_norm_sum)(const float *partial, int64_t blocks, int64_t width, float *d_weight,
                       int64_t first, int64_t end, int32_t adds);

  // loops/rotary.h
  void (*rotary)(const float *x, const float *cosines, const float *sines, float *out,
                 int64_t heads, int64_t head_dim, int64_t rotated, float direction);

  // loops/softmax.h
  void (*softmax)(const float *x, float *out, int64_t rows, int64_t width);

  // loops/activation.h
  void (*swiglu)(const float *gate, const float *up, float *out, int64_t count);
  void (*swiglu_gradient)(const float *d_out, const float *gate, const float *up, float *d_gate,
                          float *d_up, int64_t count);
} pare_kernels;

/// The loops of the best instruction set that the processor has, or of the one that the environment
/// variable PARE_ISA names (baseline, avx2, avx512) where the processor has it.
const pare_kernels *pare_kernels_table(void);

/// The loops of one instruction set; null where the processor lacks it.
const pare_kernels *pare_kernels_for(pare_isa isa);
