// bf16 numbers by the processor's own conversion, rounded to nearest, ties to even: it takes denormals
// for zero, as the products do.

typedef uint32_t uvec __attribute__((vector_size(LANES * 4)));
typedef uint16_t hvec __attribute__((vector_size(LANES * 2)));

INLINE hvec to_bfloat(vec x) { return (hvec)_mm512_cvtneps_pbh((__m512)x); }
