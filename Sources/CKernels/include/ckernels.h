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

/// The loops of one instruction set. Sizes are element counts; rows are contiguous. The functions of
/// a family are described where they are written, in loops/.
typedef struct pare_kernels {
  pare_isa isa;

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
