// The running softmax of attention, its weights written in bf16.

/// Lanes of the columns from `column` on that stand in [low, high).
INLINE ivec lanes_within(int64_t column, int64_t low, int64_t high) {
  const ivec lane = lane_numbers() + (int32_t)column;
  return (lane >= (int32_t)low) & (lane < (int32_t)high);
}

/// 2^x for weights that are rounded to bf16, to 3 parts in a million: a minimax polynomial in the part
/// of x past its nearest integer, exact at 0. Underflows
/// by way of denormals, NaN stays NaN.
INLINE vec attention_exp2(vec x) {
  const vec r = (vec)_mm512_reduce_ps((__m512)x, _MM_FROUND_TO_NEAREST_INT);
  vec p = splat(0.0095828532f);
  p = vfma(p, r, splat(0.055906425f));
  p = vfma(p, r, splat(0.24024099f));
  p = vfma(p, r, splat(0.69312419f));
  p = vfma(p, r, splat(1.0f));
  return (vec)_mm512_scalef_ps((__m512)p, (__m512)(x - r));
}

/// Two vectors in bf16, one after the other.
INLINE __m512i round_both(vec first, vec second) {
  return (__m512i)_mm512_cvtne2ps_pbh((__m512)second, (__m512)first);
}

/// Turns a row's scores in columns from..<to, times `factor`, into bf16 weights 2^(score - reference),
/// with the row's total and sums brought up to date; the reference moves as in loops/attention.h.
/// Both ends are multiples of 2 · LANES. Unless `whole`, columns outside [low, high) weigh nothing.
INLINE void attention_soften(const int whole, const float *scores, uint16_t *weights, int64_t from,
                             int64_t to, int64_t low, int64_t high, float factor,
                             float *reference, float *total, float *sums, int64_t columns) {
  vec highest = splat(-INFINITY);
#pragma clang loop unroll_count(4)
  for (int64_t c = from; c < to; c += LANES) {
    vec score = load(scores + c) * factor;
    if (!whole) score = blend(lanes_within(c, low, high), score, splat(-INFINITY));
    highest = larger(score, highest);
  }
  const float most = _mm512_reduce_max_ps((__m512)highest);
  vec sum = load(total), next_sum = splat(0);
  if (most > *reference + SLACK) {
    // Before the first visible key there is nothing to bring up to date.
    if (*reference > -FLT_MAX) {
      const vec share = attention_exp2(splat(*reference - most));
      for (int64_t d = 0; d < columns; d += LANES) store(sums + d, load(sums + d) * share);
      sum *= share;
    }
    *reference = most;
  }
  const vec base = splat(-*reference);
#pragma clang loop unroll_count(2)
  for (int64_t c = from; c < to; c += 2 * LANES) {
    vec weight = attention_exp2(vfma(load(scores + c), splat(factor), base));
    vec next = attention_exp2(vfma(load(scores + c + LANES), splat(factor), base));
    if (!whole) {
      weight = blend(lanes_within(c, low, high), weight, splat(0));
      next = blend(lanes_within(c + LANES, low, high), next, splat(0));
    }
    const __m512i rounded = round_both(weight, next);
    memcpy(weights + c, &rounded, sizeof rounded);
    sum += weight;
    next_sum += next;
  }
  store(total, sum + next_sum);
}

/// Weights of zero in columns from..<to, multiples of 2 · LANES.
INLINE void attention_clear(uint16_t *weights, int64_t from, int64_t to) {
  for (int64_t c = from; c < to; c += 2 * LANES)
    _mm512_storeu_si512(weights + c, _mm512_setzero_si512());
}
