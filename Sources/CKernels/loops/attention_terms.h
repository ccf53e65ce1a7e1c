// What attention in f32 and in bf16 share.

#define LOG2_E 1.44269504088896341f
#define LN_2 0.693147180559945309f
/// By how many powers of two a row's scores may exceed the reference that its sums are relative to.
#define SLACK 8.0f

/// The first key that the query at a position sees.
INLINE int64_t attention_first_key(const pare_attention *s, int64_t position) {
  return position >= s->window ? position - s->window + 1 : 0;
}

/// Σ a · b.
INLINE float dot(const float *a, const float *b, int64_t count) {
  vec s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
  int64_t i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES) {
    s0 = vfma(load(a + i), load(b + i), s0);
    s1 = vfma(load(a + i + LANES), load(b + i + LANES), s1);
    s2 = vfma(load(a + i + 2 * LANES), load(b + i + 2 * LANES), s2);
    s3 = vfma(load(a + i + 3 * LANES), load(b + i + 3 * LANES), s3);
  }
  for (; i + LANES <= count; i += LANES) s0 = vfma(load(a + i), load(b + i), s0);
  if (i < count) s1 = vfma(load_part(a + i, count - i), load_part(b + i, count - i), s1);
  return sum_lanes((s0 + s1) + (s2 + s3));
}
