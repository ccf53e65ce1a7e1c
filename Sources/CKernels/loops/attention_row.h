// Attention for a few queries, as in generation: straight from the cache, with nothing packed.

#define ROW_KEYS 256

/// out[width] = out · factor + Σ weights[n] · rows[n], the rows `row` apart.
INLINE void add_weighted_rows(float *out, float factor, const float *weights, const float *rows,
                              int64_t row, int64_t count, int64_t width) {
  int64_t d = 0;
  for (; d + 4 * LANES <= width; d += 4 * LANES) {
    vec s0 = load(out + d) * factor, s1 = load(out + d + LANES) * factor;
    vec s2 = load(out + d + 2 * LANES) * factor, s3 = load(out + d + 3 * LANES) * factor;
    for (int64_t n = 0; n < count; n++) {
      const float *v = rows + n * row + d;
      const vec w = splat(weights[n]);
      s0 = vfma(w, load(v), s0);
      s1 = vfma(w, load(v + LANES), s1);
      s2 = vfma(w, load(v + 2 * LANES), s2);
      s3 = vfma(w, load(v + 3 * LANES), s3);
    }
    store(out + d, s0);
    store(out + d + LANES, s1);
    store(out + d + 2 * LANES, s2);
    store(out + d + 3 * LANES, s3);
  }
  for (; d < width; d += LANES) {
    const int64_t n = width - d < LANES ? width - d : LANES;
    vec sum = load_part(out + d, n) * factor;
    for (int64_t j = 0; j < count; j++)
      sum = vfma(splat(weights[j]), load_part(rows + j * row + d, n), sum);
    store_part(out + d, sum, n);
  }
}

/// Every query of head `head` (b · H + h), one after the other; shapes as in attention.h.
static void attention_rows(const pare_attention *s, const float *q, const float *k, const float *v,
                           float *out, float *log_sum, int64_t head) {
  const int64_t b = head / s->heads, h = head % s->heads, dim = s->head_dim;
  const int64_t row = s->kv_heads * dim;
  const int64_t source = b * s->key_capacity * row + h / (s->heads / s->kv_heads) * dim;
  float scores[ROW_KEYS];
  for (int64_t t = 0; t < s->queries; t++) {
    const int64_t place = ((b * s->queries + t) * s->heads + h) * dim;
    const int64_t position = s->keys - s->queries + t;
    float maximum = -FLT_MAX;
    vec total = splat(0);
    memset(out + place, 0, (size_t)dim * sizeof(float));
    for (int64_t j = attention_first_key(s, position); j <= position; j += ROW_KEYS) {
      if (pare_interrupt_get()) return;
      const int64_t count = position + 1 - j < ROW_KEYS ? position + 1 - j : ROW_KEYS;
      const int64_t width = round_up(count, LANES);
      float most = maximum;
      for (int64_t n = 0; n < count; n++) {
        scores[n] = dot(q + place, k + source + (j + n) * row, dim) * (s->scale * LOG2_E);
        most = scores[n] > most ? scores[n] : most;
      }
      for (int64_t n = count; n < width; n++) scores[n] = -INFINITY;
      const vec factor = vexp2(splat(maximum - most));
      total *= factor;
      for (int64_t n = 0; n < width; n += LANES) {
        const vec weight = vexp2(load(scores + n) - most);
        store(scores + n, weight);
        total += weight;
      }
      add_weighted_rows(out + place, factor[0], scores, v + source + j * row, row, count, dim);
      maximum = most;
    }
    const float sum = sum_lanes(total), share = 1 / sum;
    for (int64_t d = 0; d < dim; d++) out[place + d] *= share;
    if (log_sum) log_sum[head * s->queries + t] = (maximum + log2f(sum)) * LN_2;
  }
}
