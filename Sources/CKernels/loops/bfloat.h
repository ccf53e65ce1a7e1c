// bf16 operands of products: the upper half of an f32, rounded to nearest, ties to even. Done with
// integers: the processor's own conversion takes denormals for zero.

typedef uint32_t uvec __attribute__((vector_size(LANES * 4)));

/// The bf16 of each f32, in the low half; a NaN stays one.
INLINE uvec to_bfloat(vec x) {
  const uvec bits = (uvec)x;
  const uvec rounded = bits + (0x7fff + (bits >> 16 & 1));
  const ivec nan = x != x;
  return (((uvec)nan & (bits | 0x400000)) | (~(uvec)nan & rounded)) >> 16;
}

/// target = source rounded, still as f32.
static void round_to_bfloat(const float *source, float *target, int64_t count) {
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t n = count - i < LANES ? count - i : LANES;
    const vec x = n == LANES ? load(source + i) : load_part(source + i, n);
    const vec rounded = (vec)(to_bfloat(x) << 16);
    if (n == LANES) store(target + i, rounded);
    else store_part(target + i, rounded, n);
  }
}
