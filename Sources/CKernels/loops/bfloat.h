// bf16 numbers, the upper half of an f32, rounded to nearest, ties to even. Done with integers, where
// a processor's own conversion takes denormals for zero.

typedef uint32_t uvec __attribute__((vector_size(LANES * 4)));
typedef uint16_t hvec __attribute__((vector_size(LANES * 2)));

/// The bf16 of each f32, in the low half; a NaN stays one.
INLINE uvec bfloat_bits(vec x) {
  const uvec bits = (uvec)x;
  const uvec rounded = bits + (0x7fff + (bits >> 16 & 1));
  const ivec nan = x != x;
  return (((uvec)nan & (bits | 0x400000)) | (~(uvec)nan & rounded)) >> 16;
}

INLINE hvec to_bfloat(vec x) { return __builtin_convertvector(bfloat_bits(x), hvec); }

/// target = source rounded, still as f32.
static void round_to_bfloat(const float *source, float *target, int64_t count) {
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t n = count - i < LANES ? count - i : LANES;
    const vec x = n == LANES ? load(source + i) : load_part(source + i, n);
    const vec rounded = (vec)(bfloat_bits(x) << 16);
    if (n == LANES) store(target + i, rounded);
    else store_part(target + i, rounded, n);
  }
}
