// The gradients of attention, see loops/attention_gradient.h, with operands in bf16: queries, keys,
// values, P, dS and dOut are rounded, all sums are f32. Blocks of queries against panels of keys. P
// and dS are written as the panels that
//   dVᵀ[D, keys] += dOutᵀ · P,  dKᵀ[D, keys] += Qᵀ · dS
// multiply by, so that neither has to be transposed; attention_gradient_sum turns dVᵀ and dKᵀ around.

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
  // The last panel may hold fewer keys, and its packed rows are fewer terms.
  const int64_t width = s->keys - first < PANEL ? round_up(s->keys - first, INNER_STEP) : PANEL;
  float *dq = state->dq + from * columns;
  for (int64_t d = 0; d < columns; d += PANEL)
    block(count, state->slope_rows + from * PANEL, PANEL, key_rows + d * width, width, dq + d,
          columns, dq + d, columns);
  // No earlier block of queries saw a panel that starts where this one does or later.
  const int begins = state->is_first || first >= state->position;
  float *dv = head->dv + first, *dk = head->dk + first;
  block_part(s->head_dim, state->d_out_transposed + from, GRADIENT_QUERIES,
             state->weight_panel + from * HALF, HALF_PANEL, count, begins ? NULL : dv,
             head->length, dv, head->length);
  block_part(s->head_dim, state->queries_transposed + from, GRADIENT_QUERIES,
             state->slope_panel + from * HALF, HALF_PANEL, count, begins ? NULL : dk,
             head->length, dk, head->length);
}

/// Σ x · y of bf16 and f32 numbers.
INLINE float rounded_dot(const uint16_t *x, const float *y, int64_t count) {
  vec sum = splat(0);
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t n = clamp(count - i, LANES);
    hvec half = {0};
    memcpy(&half, x + i, (size_t)n * 2);
    const vec left = (vec)(__builtin_convertvector(half, uvec) << 16);
    sum = vfma(left, n == LANES ? load(y + i) : load_part(y + i, n), sum);
  }
  return sum_lanes(sum);
}

/// Rounds a block's queries and output gradients, and computes its δ: of the rounded gradients, so that
/// the slopes of a row add up to zero as they should.
INLINE void gradient_begin(const pare_attention *s, gradient_state *state, const float *d_out,
                           const float *q, const float *out, const float *log_sum) {
  const int64_t inner = attention_inner(s), dim = s->head_dim, row = s->heads * dim;
  const int64_t rows = state->rows, missing = state->padded - rows;
  convert_rows(q, row, state->queries, rows, dim, inner);
  convert_rows(d_out, row, state->d_out, rows, dim, inner);
  memset(state->queries + rows * inner, 0, (size_t)(missing * inner) * sizeof(uint16_t));
  memset(state->d_out + rows * inner, 0, (size_t)(missing * inner) * sizeof(uint16_t));
  transpose_rows(q, row, state->queries_transposed, rows, dim, GRADIENT_QUERIES);
  transpose_rows(d_out, row, state->d_out_transposed, rows, dim, GRADIENT_QUERIES);
  for (int64_t r = 0; r < state->padded; r++) {
    state->delta[r] = r < rows ? rounded_dot(state->d_out + r * inner, out + r * row, dim) : 0;
    state->log_sum[r] = r < rows ? log_sum[r] * LOG2_E : INFINITY;
  }
  memset(state->dq, 0, (size_t)(GRADIENT_QUERIES * attention_columns(s)) * sizeof(float));
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
  for (int64_t start = 0; start < s->queries && !interrupted; start += GRADIENT_QUERIES) {
    const int64_t offset = (b * s->queries + start) * row + h * dim;
    state.rows = s->queries - start < GRADIENT_QUERIES ? s->queries - start : GRADIENT_QUERIES;
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
