// The sums of dKᵀ and dVᵀ over the heads that share keys, turned around.

/// out[keys, D] = factor · Σ partial[D, keys] of `share` heads, in their order, for one panel of keys;
/// rows of out are `row` apart.
static void gradient_sum_transposed(const float *partial, int64_t size, int64_t share,
                                    int64_t length, float factor, float *out, int64_t row,
                                    int64_t keys, int64_t dim) {
  float sums[LANES * PANEL] = {0}, turned[PANEL * LANES];
  for (int64_t d0 = 0; d0 < dim; d0 += LANES) {
    const int64_t width = dim - d0 < LANES ? dim - d0 : LANES;
    for (int64_t d = 0; d < width; d++)
      for (int64_t j = 0; j < PANEL; j += LANES) {
        vec sum = splat(0);
        for (int64_t h = 0; h < share; h++) sum += load(partial + h * size + (d0 + d) * length + j);
        store(sums + d * PANEL + j, sum * factor);
      }
    for (int64_t d = 0; d < width; d += 4)
      for (int64_t j = 0; j < PANEL; j += 4)
        transpose_quad(sums + d * PANEL + j, PANEL, turned + j * LANES + d, LANES);
    for (int64_t j = 0; j < keys; j++)
      memcpy(out + j * row + d0, turned + j * LANES, (size_t)width * sizeof(float));
  }
}

/// dk and dv of panel `panel` (PANEL keys) of key-value head `head` (b · G + g), from the partial sums
/// of the heads that share it.
static void attention_gradient_sum(const pare_attention *s, const float *partial, float *dk,
                                   float *dv, int64_t head, int64_t panel) {
  const int64_t dim = s->head_dim, share = s->heads / s->kv_heads, row = s->kv_heads * dim;
  const int64_t size = attention_gradient_partial_count(s), length = round_up(s->keys, PANEL);
  const int64_t first = panel * PANEL, offset = attention_key_offset(s, head, first);
  const int64_t keys = s->keys - first < PANEL ? s->keys - first : PANEL;
  // Heads b · H + g · share and on, which is `head` times `share`.
  partial += head * share * size + first;
  gradient_sum_transposed(partial, size, share, length, s->scale, dk + offset, row, keys, dim);
  gradient_sum_transposed(partial + dim * length, size, share, length, 1, dv + offset, row, keys,
                          dim);
}
