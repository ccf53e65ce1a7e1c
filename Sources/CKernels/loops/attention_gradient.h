// The gradients of attention. With P the weights, computed again from the log-sum-exp, and
// δ = Σ_d dOut · out of each row:
//   dV = Pᵀ dOut,  dS = P · (dOut Vᵀ − δ),  dQ = scale · dS K,  dK = scale · dSᵀ Q.
// A head is one piece of work: it adds to nobody else's sums. Heads that share keys write partial
// sums of dK and dV, which attention_gradient_sum adds in the order of the heads.

/// Floats of one key-value head's packed operands: keys and values transposed in panels of
/// [D, FLOAT_PANEL], and keys in padded rows.
static int64_t attention_gradient_packed_count(const pare_attention *s) {
  return round_up(s->keys, KEY_BLOCK) * (2 * s->head_dim + attention_padded(s));
}

/// Floats of one head's partial dK and dV, [S, padded D] each.
static int64_t attention_gradient_partial_count(const pare_attention *s) {
  return 2 * s->keys * attention_padded(s);
}

/// Packs block `block` of key-value head `head` (b · G + g) into its place in
/// packed[B · G, attention_gradient_packed_count].
static void attention_gradient_pack(const pare_attention *s, const float *k, const float *v,
                                    float *packed, int64_t head, int64_t block) {
  const int64_t dim = s->head_dim, row = s->kv_heads * dim, padded = attention_padded(s);
  const int64_t first = block * KEY_BLOCK, length = round_up(s->keys, KEY_BLOCK);
  const int64_t count = s->keys - first < KEY_BLOCK ? s->keys - first : KEY_BLOCK;
  const int64_t offset =
      (head / s->kv_heads * s->key_capacity + first) * row + head % s->kv_heads * dim;
  float *target = packed + head * attention_gradient_packed_count(s);
  for (int64_t j = 0; j < count; j += FLOAT_PANEL) {
    const int64_t n = count - j < FLOAT_PANEL ? count - j : FLOAT_PANEL;
    pack_transposed(k + offset + j * row, row, n, dim, target + (first + j) * dim);
    pack_transposed(v + offset + j * row, row, n, dim, target + (length + first + j) * dim);
  }
  pack_rows(k + offset, row, count, dim, 1, target + 2 * length * dim + first * padded, padded);
}

/// A block of queries and what is kept for it.
typedef struct {
  float *queries; // [QUERY_BLOCK, padded D], times scale / ln 2
  float *d_out;   // [QUERY_BLOCK, padded D]
  float *dq;      // [QUERY_BLOCK, padded D], before the factor scale
  float *weights; // [QUERY_BLOCK, KEY_BLOCK], P
  float *slopes;  // [QUERY_BLOCK, KEY_BLOCK], dS
  float *log_sum; // [QUERY_BLOCK], in units of log 2
  float *delta;   // [QUERY_BLOCK]
  int64_t rows, position;
} gradient_state;

/// One head's packed operands and partial sums.
typedef struct {
  const float *keys_transposed, *values_transposed, *keys;
  float *dk, *dv;
} gradient_head;

/// Floats of scratch that attention_gradient_head wants.
static int64_t attention_gradient_scratch_count(const pare_attention *s) {
  return QUERY_BLOCK * (3 * attention_padded(s) + 2 * KEY_BLOCK + 2);
}

INLINE gradient_state gradient_lay_out(const pare_attention *s, float *scratch) {
  const int64_t size = QUERY_BLOCK * attention_padded(s), tile = QUERY_BLOCK * KEY_BLOCK;
  gradient_state state = {0};
  state.queries = scratch;
  state.d_out = state.queries + size;
  state.dq = state.d_out + size;
  state.weights = state.dq + size;
  state.slopes = state.weights + tile;
  state.log_sum = state.slopes + tile;
  state.delta = state.log_sum + QUERY_BLOCK;
  return state;
}

/// weights = 2^(score − log-sum), slopes = weights · (slope − δ), both 0 outside [low, high) and past
/// the `width` columns that were computed.
INLINE void gradient_row(float *weights, float *slopes, float log_sum, float delta, int64_t width,
                         int64_t low, int64_t high) {
  const int whole = low <= 0 && high >= width;
  for (int64_t c = 0; c < width; c += LANES) {
    vec weight = vexp2(load(weights + c) - log_sum);
    vec slope = weight * (load(slopes + c) - delta);
    if (!whole) {
      const ivec column = lane_numbers() + (int32_t)c;
      const ivec seen = (column >= (int32_t)low) & (column < (int32_t)high);
      weight = blend(seen, weight, splat(0));
      slope = blend(seen, slope, splat(0));
    }
    store(weights + c, weight);
    store(slopes + c, slope);
  }
  for (int64_t c = width; c < KEY_BLOCK; c += LANES) {
    store(weights + c, splat(0));
    store(slopes + c, splat(0));
  }
}

/// P and dS of one strip of query rows against the block of keys that starts at `first`, and what
/// they add to dQ.
INLINE void gradient_strip(const pare_attention *s, gradient_state *state,
                           const gradient_head *head, int64_t row, int64_t rows, int64_t first) {
  const int64_t padded = attention_padded(s), dim = s->head_dim;
  const int64_t position = state->position + row, last = position + rows - 1;
  const int64_t width = last - first + 1 < KEY_BLOCK ? last - first + 1 : KEY_BLOCK;
  if (width <= 0 || first + KEY_BLOCK <= attention_first_key(s, position)) return;
  const int64_t panels = (width + FLOAT_PANEL - 1) / FLOAT_PANEL;
  float *weights = state->weights + row * KEY_BLOCK, *slopes = state->slopes + row * KEY_BLOCK;
  strip_product(rows, state->queries + row * padded, padded, head->keys_transposed + first * dim,
                FLOAT_PANEL, FLOAT_PANEL * dim, weights, KEY_BLOCK, dim, panels);
  strip_product(rows, state->d_out + row * padded, padded, head->values_transposed + first * dim,
                FLOAT_PANEL, FLOAT_PANEL * dim, slopes, KEY_BLOCK, dim, panels);
  for (int64_t r = 0; r < rows; r++) {
    const int64_t low = attention_first_key(s, position + r) - first;
    gradient_row(weights + r * KEY_BLOCK, slopes + r * KEY_BLOCK, state->log_sum[row + r],
                 state->delta[row + r], panels * FLOAT_PANEL, low < KEY_BLOCK ? low : KEY_BLOCK,
                 position + r - first + 1 < KEY_BLOCK ? position + r - first + 1 : KEY_BLOCK);
  }
  strip_product_add(rows, slopes, KEY_BLOCK, head->keys + first * padded, padded, FLOAT_PANEL,
                    state->dq + row * padded, padded, width, padded / FLOAT_PANEL);
}

/// What a block of queries adds to dK and dV of a block of keys.
INLINE void gradient_keys(const pare_attention *s, const gradient_state *state,
                          const gradient_head *head, int64_t first) {
  const int64_t padded = attention_padded(s), panels = padded / FLOAT_PANEL;
  const int64_t count = s->keys - first < KEY_BLOCK ? s->keys - first : KEY_BLOCK;
  for (int64_t c = 0; c < count; c += TILE_ROWS) {
    const int64_t keys = count - c < TILE_ROWS ? count - c : TILE_ROWS;
    // The query rows that see any of these keys.
    const int64_t key = first + c - state->position;
    const int64_t low = key > 0 ? key : 0;
    const int64_t beyond = state->rows - (key + keys - 1) > s->window
                               ? key + keys - 1 + s->window
                               : state->rows;
    if (low >= beyond) continue;
    strip_product_transposed_add(keys, state->weights + low * KEY_BLOCK + c, KEY_BLOCK,
                                 state->d_out + low * padded, padded, FLOAT_PANEL,
                                 head->dv + (first + c) * padded, padded, beyond - low, panels);
    strip_product_transposed_add(keys, state->slopes + low * KEY_BLOCK + c, KEY_BLOCK,
                                 state->queries + low * padded, padded, FLOAT_PANEL,
                                 head->dk + (first + c) * padded, padded, beyond - low, panels);
  }
}

/// Copies a block's queries and output gradients, and computes its δ.
INLINE void gradient_begin(const pare_attention *s, gradient_state *state, const float *d_out,
                           const float *q, const float *out, const float *log_sum) {
  const int64_t padded = attention_padded(s), dim = s->head_dim, row = s->heads * dim;
  pack_rows(q, row, state->rows, dim, s->scale * LOG2_E, state->queries, padded);
  pack_rows(d_out, row, state->rows, dim, 1, state->d_out, padded);
  for (int64_t r = 0; r < state->rows; r++) {
    state->delta[r] = dot(d_out + r * row, out + r * row, dim);
    state->log_sum[r] = log_sum[r] * LOG2_E;
  }
  memset(state->dq, 0, (size_t)(QUERY_BLOCK * padded) * sizeof(float));
}

/// dq of head `head` (b · H + h), and its share of dK (before the factor ln 2) and dV in
/// partial[B · H, attention_gradient_partial_count]. Stops early when an interrupt is asked for.
static void attention_gradient_head(const pare_attention *s, const float *d_out, const float *q,
                                    const float *out, const float *log_sum, const float *packed,
                                    float *dq, float *partial, int64_t head, float *scratch) {
  const int64_t padded = attention_padded(s), dim = s->head_dim, row = s->heads * dim;
  const int64_t length = round_up(s->keys, KEY_BLOCK);
  const int64_t b = head / s->heads, h = head % s->heads;
  const int64_t kv_head = b * s->kv_heads + h / (s->heads / s->kv_heads);
  const float *operands = packed + kv_head * attention_gradient_packed_count(s);
  partial += head * attention_gradient_partial_count(s);
  const gradient_head parts = {operands, operands + length * dim, operands + 2 * length * dim,
                               partial, partial + s->keys * padded};
  memset(partial, 0, (size_t)attention_gradient_partial_count(s) * sizeof(float));
  gradient_state state = gradient_lay_out(s, scratch);
  for (int64_t start = 0; start < s->queries; start += QUERY_BLOCK) {
    const int64_t offset = (b * s->queries + start) * row + h * dim;
    state.rows = s->queries - start < QUERY_BLOCK ? s->queries - start : QUERY_BLOCK;
    state.position = s->keys - s->queries + start;
    gradient_begin(s, &state, d_out + offset, q + offset, out + offset,
                   log_sum + head * s->queries + start);
    int64_t first = attention_first_key(s, state.position) / KEY_BLOCK * KEY_BLOCK;
    for (; first < state.position + state.rows; first += KEY_BLOCK) {
      if (pare_interrupt_get()) return;
      for (int64_t r = 0; r < state.rows; r += TILE_ROWS)
        gradient_strip(s, &state, &parts, r,
                       state.rows - r < TILE_ROWS ? state.rows - r : TILE_ROWS, first);
      gradient_keys(s, &state, &parts, first);
    }
    for (int64_t r = 0; r < state.rows; r++)
      for (int64_t d = 0; d < dim; d++)
        dq[offset + r * row + d] = state.dq[r * padded + d] * s->scale;
  }
}

/// dk and dv of block `block` (KEY_BLOCK keys) of key-value head `head` (b · G + g), from the
/// partial sums of the heads that share it.
static void attention_gradient_sum(const pare_attention *s, const float *partial, float *dk,
                                   float *dv, int64_t head, int64_t block) {
  const int64_t padded = attention_padded(s), dim = s->head_dim;
  const int64_t share = s->heads / s->kv_heads, size = attention_gradient_partial_count(s);
  const int64_t b = head / s->kv_heads, g = head % s->kv_heads, first = block * KEY_BLOCK;
  const int64_t end = s->keys - first < KEY_BLOCK ? s->keys : first + KEY_BLOCK;
  partial += (b * s->heads + g * share) * size;
  for (int64_t j = first; j < end; j++) {
    const int64_t target = ((b * s->key_capacity + j) * s->kv_heads + g) * dim;
    for (int64_t d = 0; d < dim; d++) {
      float key = 0, value = 0;
      for (int64_t h = 0; h < share; h++) {
        key += partial[h * size + j * padded + d];
        value += partial[h * size + (s->keys + j) * padded + d];
      }
      dk[target + d] = key * LN_2;
      dv[target + d] = value;
    }
  }
}
