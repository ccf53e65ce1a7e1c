// The gradients of attention, see loops/attention_gradient.h, with operands in bf16: queries, keys,
// values, P, dS and dOut are rounded, all sums are f32. Blocks of queries against panels of keys. P
// and dS are written as the panels that
//   dVᵀ[D, keys] += dOutᵀ · P,  dKᵀ[D, keys] += Qᵀ · dS
// multiply by, so that neither has to be transposed; attention_gradient_sum turns dVᵀ and dKᵀ around.

#undef QUERY_BLOCK
#define QUERY_BLOCK 128

_Static_assert(QUERY_BLOCK % INNER_STEP == 0, "queries are terms of the keys' gradients");

/// bf16 numbers of a panel of keys: keys and values as panels of keys, keys as panels of the head's
/// columns.
INLINE int64_t gradient_panel_count(const pare_attention *s) {
  return PANEL * (2 * attention_inner(s) + attention_columns(s));
}

INLINE int64_t gradient_packed_count(const pare_attention *s) {
  return round_up(s->keys, PANEL) / PANEL * gradient_panel_count(s);
}

/// Bytes of one key-value head's packed operands.
static int64_t attention_gradient_packed_bytes(const pare_attention *s) {
  return gradient_packed_count(s) * (int64_t)sizeof(uint16_t);
}

/// Floats of one head's partial dKᵀ and dVᵀ, [D, keys] each, the keys in whole panels.
static int64_t attention_gradient_partial_count(const pare_attention *s) {
  return 2 * s->head_dim * round_up(s->keys, PANEL);
}

/// Packs panel `panel` (PANEL keys) of key-value head `head` (b · G + g) into its place in
/// packed[B · G, attention_gradient_packed_bytes].
static void attention_gradient_pack(const pare_attention *s, const float *k, const float *v,
                                    void *packed, int64_t head, int64_t panel) {
  const int64_t row = s->kv_heads * s->head_dim, first = panel * PANEL;
  const int64_t count = s->keys - first < PANEL ? s->keys - first : PANEL;
  const int64_t offset = attention_key_offset(s, head, first), size = PANEL * attention_inner(s);
  uint16_t *target =
      (uint16_t *)packed + head * gradient_packed_count(s) + panel * gradient_panel_count(s);
  pack_panels_transposed(k + offset, row, target, s->head_dim, count, 0, 1);
  pack_panels_transposed(v + offset, row, target + size, s->head_dim, count, 0, 1);
  pack_panels(k + offset, row, target + 2 * size, count, s->head_dim, 0,
              attention_columns(s) / PANEL);
}

/// A block of queries and what is kept for it. Rows up to the next INNER_STEP are padded: with zeros,
/// and with an infinite log_sum, which makes their weights zero.
typedef struct {
  float *scores;                 // [QUERY_BLOCK, PANEL], without the factor
  float *slopes;                 // [QUERY_BLOCK, PANEL], dOut Vᵀ
  float *dq;                     // [QUERY_BLOCK, columns], before the factor scale
  float *log_sum, *delta;        // [QUERY_BLOCK], the first in units of log 2
  uint16_t *queries, *d_out;     // bf16 [QUERY_BLOCK, inner]
  uint16_t *queries_transposed;  // bf16 [D, QUERY_BLOCK]
  uint16_t *d_out_transposed;    // bf16 [D, QUERY_BLOCK]
  uint16_t *weight_panel;        // bf16 [QUERY_BLOCK/2, PANEL, 2], P
  uint16_t *slope_panel;         // bf16 [QUERY_BLOCK/2, PANEL, 2], dS
  uint16_t *slope_rows;          // bf16 [QUERY_BLOCK, PANEL], dS
  int64_t rows, padded, position;
  int is_first;
} gradient_state;

/// Bytes of scratch that attention_gradient_head wants.
static int64_t attention_gradient_scratch_bytes(const pare_attention *s) {
  const int64_t floats = 2 * PANEL + attention_columns(s) + 2;
  const int64_t rounded = 2 * attention_inner(s) + 2 * s->head_dim + 3 * PANEL;
  return QUERY_BLOCK * (floats * (int64_t)sizeof(float) + rounded * (int64_t)sizeof(uint16_t));
}

INLINE gradient_state gradient_lay_out(const pare_attention *s, void *scratch) {
  const int64_t tile = QUERY_BLOCK * PANEL;
  gradient_state state = {0};
  state.scores = scratch;
  state.slopes = state.scores + tile;
  state.dq = state.slopes + tile;
  state.log_sum = state.dq + QUERY_BLOCK * attention_columns(s);
  state.delta = state.log_sum + QUERY_BLOCK;
  state.queries = (uint16_t *)(state.delta + QUERY_BLOCK);
  state.d_out = state.queries + QUERY_BLOCK * attention_inner(s);
  state.queries_transposed = state.d_out + QUERY_BLOCK * attention_inner(s);
  state.d_out_transposed = state.queries_transposed + QUERY_BLOCK * s->head_dim;
  state.weight_panel = state.d_out_transposed + QUERY_BLOCK * s->head_dim;
  state.slope_panel = state.weight_panel + tile;
  state.slope_rows = state.slope_panel + tile;
  return state;
}

/// The elements of both halves in turn: a pair of each lane.
INLINE __m512i interleave(__m512i halves) {
  static const uint16_t order[2 * LANES] = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,
                                            21, 6, 22, 7, 23, 8,  24, 9,  25, 10, 26,
                                            11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  return _mm512_permutexvar_epi16(_mm512_loadu_si512(order), halves);
}

/// P and dS of LANES columns of row `r`, from its scores and slopes.
INLINE void gradient_terms(const gradient_state *state, int64_t r, int64_t c, float factor,
                           vec *weight, vec *slope) {
  const vec score = load(state->scores + r * PANEL + c);
  *weight = attention_exp2(vfma(score, splat(factor), splat(-state->log_sum[r])));
  *slope = *weight * (load(state->slopes + r * PANEL + c) - state->delta[r]);
}

/// Rows r and r + 1 of P and dS for the panel of keys that starts at `first`, in every form that is
/// multiplied. Unless `whole`, what a row does not see is zero.
INLINE void gradient_row_pair(const int whole, const pare_attention *s, const gradient_state *state,
                              int64_t r, int64_t first) {
  const float factor = s->scale * LOG2_E;
  const int64_t key = state->position + r - first;
  const int64_t low = attention_first_key(s, state->position + r) - first;
  const int64_t next_low = attention_first_key(s, state->position + r + 1) - first;
#pragma clang loop unroll(full)
  for (int64_t c = 0; c < PANEL; c += LANES) {
    vec weight, slope, next_weight, next_slope;
    gradient_terms(state, r, c, factor, &weight, &slope);
    gradient_terms(state, r + 1, c, factor, &next_weight, &next_slope);
    if (!whole) {
      const ivec seen = lanes_within(c, low < PANEL ? low : PANEL, key < PANEL ? key + 1 : PANEL);
      const ivec next_seen = lanes_within(c, next_low < PANEL ? next_low : PANEL,
                                          key + 1 < PANEL ? key + 2 : PANEL);
      weight = blend(seen, weight, splat(0));
      slope = blend(seen, slope, splat(0));
      next_weight = blend(next_seen, next_weight, splat(0));
      next_slope = blend(next_seen, next_slope, splat(0));
    }
    const __m512i weights = round_both(weight, next_weight);
    const __m512i slopes = round_both(slope, next_slope);
    _mm512_storeu_si512(state->weight_panel + r * PANEL + 2 * c, interleave(weights));
    _mm512_storeu_si512(state->slope_panel + r * PANEL + 2 * c, interleave(slopes));
    _mm256_storeu_si256((__m256i_u *)(state->slope_rows + r * PANEL + c),
                        _mm512_castsi512_si256(slopes));
    _mm256_storeu_si256((__m256i_u *)(state->slope_rows + (r + 1) * PANEL + c),
                        _mm512_extracti64x4_epi64(slopes, 1));
  }
}

/// One head's packed operands and partial sums.
typedef struct {
  const uint16_t *packed;
  float *dk, *dv; // transposed: [D, length]
  int64_t length;
} gradient_head;

/// The block of queries against the panel of keys that starts at `first`: what they add to dQ, dKᵀ
/// and dVᵀ.
INLINE void gradient_panel(const pare_attention *s, const gradient_state *state,
                           const gradient_head *head, int64_t first) {
  const int64_t inner = attention_inner(s), columns = attention_columns(s);
  const uint16_t *keys = head->packed + first / PANEL * gradient_panel_count(s);
  const uint16_t *values = keys + PANEL * inner, *key_rows = values + PANEL * inner;
  const row_range rows =
      attention_rows_seeing(s, state->position, state->padded, first, PANEL, INNER_STEP);
  const int64_t from = rows.from, count = rows.to - from;
  if (count <= 0) return;
  block(count, state->queries + from * inner, inner, keys, inner, NULL, 0,
        state->scores + from * PANEL, PANEL);
  block(count, state->d_out + from * inner, inner, values, inner, NULL, 0,
        state->slopes + from * PANEL, PANEL);
  for (int64_t r = from; r < rows.to; r += 2) {
    const int64_t position = state->position + r;
    if (position - first >= PANEL - 1 && attention_first_key(s, position + 1) <= first)
      gradient_row_pair(1, s, state, r, first);
    else gradient_row_pair(0, s, state, r, first);
  }
  float *dq = state->dq + from * columns;
  for (int64_t d = 0; d < columns; d += PANEL)
    block(count, state->slope_rows + from * PANEL, PANEL, key_rows + d * PANEL, PANEL, dq + d,
          columns, dq + d, columns);
  // No earlier block of queries saw a panel that starts where this one does or later.
  const int begins = state->is_first || first >= state->position;
  float *dv = head->dv + first, *dk = head->dk + first;
  block(s->head_dim, state->d_out_transposed + from, QUERY_BLOCK,
        state->weight_panel + from * PANEL, count, begins ? NULL : dv, head->length, dv,
        head->length);
  block(s->head_dim, state->queries_transposed + from, QUERY_BLOCK,
        state->slope_panel + from * PANEL, count, begins ? NULL : dk, head->length, dk,
        head->length);
}

/// Rounds a block's queries and output gradients, and computes its δ.
INLINE void gradient_begin(const pare_attention *s, gradient_state *state, const float *d_out,
                           const float *q, const float *out, const float *log_sum) {
  const int64_t inner = attention_inner(s), dim = s->head_dim, row = s->heads * dim;
  const int64_t rows = state->rows, missing = state->padded - rows;
  convert_rows(q, row, state->queries, rows, dim, inner);
  convert_rows(d_out, row, state->d_out, rows, dim, inner);
  memset(state->queries + rows * inner, 0, (size_t)(missing * inner) * sizeof(uint16_t));
  memset(state->d_out + rows * inner, 0, (size_t)(missing * inner) * sizeof(uint16_t));
  transpose_rows(q, row, state->queries_transposed, rows, dim, QUERY_BLOCK);
  transpose_rows(d_out, row, state->d_out_transposed, rows, dim, QUERY_BLOCK);
  for (int64_t r = 0; r < state->padded; r++) {
    state->delta[r] = r < rows ? dot(d_out + r * row, out + r * row, dim) : 0;
    state->log_sum[r] = r < rows ? log_sum[r] * LOG2_E : INFINITY;
  }
  memset(state->dq, 0, (size_t)(QUERY_BLOCK * attention_columns(s)) * sizeof(float));
}

/// dq of a block of rows, `row` apart.
INLINE void gradient_finish(const pare_attention *s, const gradient_state *state, float *dq,
                            int64_t row) {
  for (int64_t r = 0; r < state->rows; r++, dq += row) {
    const float *sums = state->dq + r * attention_columns(s);
    int64_t d = 0;
    for (; d + LANES <= s->head_dim; d += LANES) store(dq + d, load(sums + d) * s->scale);
    if (d < s->head_dim) store_part(dq + d, load(sums + d) * s->scale, s->head_dim - d);
  }
}

/// dq of head `head` (b · H + h), and its share of dKᵀ (before the factor scale) and dVᵀ in
/// partial[B · H, attention_gradient_partial_count]. Stops early when an interrupt is asked for.
static void attention_gradient_head(const pare_attention *s, const float *d_out, const float *q,
                                    const float *out, const float *log_sum, const void *packed,
                                    float *dq, float *partial, int64_t head, void *scratch) {
  const int64_t dim = s->head_dim, row = s->heads * dim, length = round_up(s->keys, PANEL);
  const int64_t b = head / s->heads, h = head % s->heads;
  const int64_t kv_head = b * s->kv_heads + h / (s->heads / s->kv_heads);
  partial += head * attention_gradient_partial_count(s);
  const gradient_head parts = {(const uint16_t *)packed + kv_head * gradient_packed_count(s),
                               partial, partial + dim * length, length};
  gradient_state state = gradient_lay_out(s, scratch);
  int interrupted = 0;
  units_begin();
  for (int64_t start = 0; start < s->queries && !interrupted; start += QUERY_BLOCK) {
    const int64_t offset = (b * s->queries + start) * row + h * dim;
    state.rows = s->queries - start < QUERY_BLOCK ? s->queries - start : QUERY_BLOCK;
    state.padded = round_up(state.rows, INNER_STEP);
    state.is_first = start == 0;
    state.position = s->keys - s->queries + start;
    gradient_begin(s, &state, d_out + offset, q + offset, out + offset,
                   log_sum + head * s->queries + start);
    int64_t first = attention_first_key(s, state.position) / PANEL * PANEL;
    for (; first < state.position + state.rows && !interrupted; first += PANEL) {
      interrupted = pare_interrupt_get();
      gradient_panel(s, &state, &parts, first);
    }
    gradient_finish(s, &state, dq + offset, row);
  }
  units_end();
}

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
