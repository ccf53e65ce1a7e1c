// Causal grouped-query attention, forward, with operands in bf16: blocks of queries against blocks of
// keys with a running softmax, as loops/attention.h has it, whose letters these are. Queries, keys,
// values and weights are rounded; scores, sums and the totals of the weights are f32. Queries are not
// scaled before they are rounded: the factor scale / ln 2 goes into their scores.

#define QUERY_BLOCK PARE_BFLOAT_QUERY_BLOCK
#define KEY_BLOCK PARE_BFLOAT_KEY_BLOCK
/// Rows are left out of a product by as many, which suits every kind of block.
#define ROW_STEP 16

_Static_assert(KEY_BLOCK % PANEL == 0, "a block of keys is a whole number of panels");
_Static_assert(QUERY_BLOCK % ROW_STEP == 0, "a block of queries is a whole number of steps");
_Static_assert(PANEL == PARE_BFLOAT_KEY_PANEL, "panels of keys are those of products");

/// The head size as the inner size of a product.
INLINE int64_t attention_inner(const pare_attention *s) { return round_up(s->head_dim, INNER_STEP); }

/// The head size as columns of a product.
INLINE int64_t attention_columns(const pare_attention *s) { return round_up(s->head_dim, PANEL); }

/// Where row 0 of key `key` of key-value head `head` (b · G + g) stands in keys and values.
INLINE int64_t attention_key_offset(const pare_attention *s, int64_t head, int64_t key) {
  const int64_t row = head / s->kv_heads * s->key_capacity + key;
  return (row * s->kv_heads + head % s->kv_heads) * s->head_dim;
}

/// bf16 numbers of one key-value head: keys as panels of keys, then the values of each block of keys
/// as panels of the head's columns.
INLINE int64_t attention_packed_count(const pare_attention *s) {
  return round_up(s->keys, KEY_BLOCK) * (attention_inner(s) + attention_columns(s));
}

/// Bytes of one key-value head's packed keys and values.
static int64_t attention_packed_bytes(const pare_attention *s) {
  return attention_packed_count(s) * (int64_t)sizeof(uint16_t);
}

/// Packs block `block` (KEY_BLOCK keys) of key-value head `head` (b · G + g) into its place in
/// packed[B · G, attention_packed_bytes].
static void attention_pack(const pare_attention *s, const float *k, const float *v, void *packed,
                           int64_t head, int64_t block) {
  const int64_t row = s->kv_heads * s->head_dim, first = block * KEY_BLOCK;
  const int64_t count = s->keys - first < KEY_BLOCK ? s->keys - first : KEY_BLOCK;
  const int64_t offset = attention_key_offset(s, head, first), columns = attention_columns(s);
  uint16_t *keys = (uint16_t *)packed + head * attention_packed_count(s);
  uint16_t *values = keys + round_up(s->keys, KEY_BLOCK) * attention_inner(s);
  pack_panels_transposed(k + offset, row, keys + first * attention_inner(s), s->head_dim, count, 0,
                         round_up(count, PANEL) / PANEL);
  pack_panels(v + offset, row, values + first * columns, count, s->head_dim, 0, columns / PANEL);
}

/// What a block of queries carries from one block of keys to the next.
typedef struct {
  float *sums;       // [QUERY_BLOCK, columns], of values weighted by 2^(score - reference)
  float *totals;     // [QUERY_BLOCK, LANES], of the weights
  float *scores;     // [QUERY_BLOCK, KEY_BLOCK], without the factor
  float *references; // [QUERY_BLOCK]
  uint16_t *queries; // bf16 [QUERY_BLOCK, inner]
  uint16_t *weights; // bf16 [QUERY_BLOCK, KEY_BLOCK]
  int64_t rows, position;
} attention_state;

/// Bytes of scratch that attention_block wants.
static int64_t attention_scratch_bytes(const pare_attention *s) {
  return QUERY_BLOCK * ((attention_columns(s) + LANES + KEY_BLOCK + 1) * (int64_t)sizeof(float) +
                        (attention_inner(s) + KEY_BLOCK) * (int64_t)sizeof(uint16_t));
}

INLINE attention_state attention_lay_out(const pare_attention *s, void *scratch) {
  attention_state state = {0};
  state.sums = scratch;
  state.totals = state.sums + QUERY_BLOCK * attention_columns(s);
  state.scores = state.totals + QUERY_BLOCK * LANES;
  state.references = state.scores + QUERY_BLOCK * KEY_BLOCK;
  state.queries = (uint16_t *)(state.references + QUERY_BLOCK);
  state.weights = state.queries + QUERY_BLOCK * attention_inner(s);
  return state;
}

/// The rows, of `rows` that start at `position`, that see any of `count` keys from `key` on, in whole
/// steps.
typedef struct { int64_t from, to; } row_range;

INLINE row_range attention_rows_seeing(const pare_attention *s, int64_t position, int64_t rows,
                                       int64_t key, int64_t count, int64_t step) {
  const int64_t from = key > position ? (key - position) / step * step : 0;
  const int64_t last = key + count - 1 - position;
  const int64_t to = rows - last > s->window ? round_up(last + s->window, step) : rows;
  return (row_range){from, to < rows ? to : rows};
}

/// Weights of row `r` for the `width` columns of keys from `first` on, of which its scores are known
/// where it sees them.
INLINE void attention_weigh(const pare_attention *s, const attention_state *state, int64_t r,
                            int64_t first, int64_t width) {
  const int64_t columns = attention_columns(s), position = state->position + r;
  const float factor = s->scale * LOG2_E;
  const float *scores = state->scores + r * KEY_BLOCK;
  uint16_t *weights = state->weights + r * KEY_BLOCK;
  float *reference = state->references + r, *total = state->totals + r * LANES;
  float *sums = state->sums + r * columns;
  int64_t low = attention_first_key(s, position) - first, high = position - first + 1;
  if (low <= 0 && high >= width) {
    attention_soften(1, scores, weights, 0, width, 0, width, factor, reference, total, sums,
                     columns);
    return;
  }
  low = low < 0 ? 0 : low < width ? low : width;
  high = high < 0 ? 0 : high < width ? high : width;
  const int64_t from = low < high ? low / (2 * LANES) * (2 * LANES) : width;
  const int64_t to = low < high ? round_up(high, 2 * LANES) : width;
  attention_clear(weights, 0, from);
  attention_clear(weights, to, width);
  if (low < high)
    attention_soften(0, scores, weights, from, to, low, high, factor, reference, total, sums,
                     columns);
}

/// The block of queries against the block of keys that starts at `first`.
INLINE void attention_keys(const pare_attention *s, const attention_state *state,
                           const uint16_t *keys, const uint16_t *values, int64_t first) {
  const int64_t inner = attention_inner(s), columns = attention_columns(s);
  const int64_t position = state->position, last = position + state->rows - 1;
  const int64_t seen = last - first + 1 < KEY_BLOCK ? last - first + 1 : KEY_BLOCK;
  const int64_t count = s->keys - first < KEY_BLOCK ? s->keys - first : KEY_BLOCK;
  for (int64_t c = 0; c < seen; c += PANEL) {
    const row_range rows =
        attention_rows_seeing(s, position, state->rows, first + c, PANEL, ROW_STEP);
    if (rows.from < rows.to)
      block(rows.to - rows.from, state->queries + rows.from * inner, inner,
            keys + (first + c) * inner, inner, NULL, 0, state->scores + rows.from * KEY_BLOCK + c,
            KEY_BLOCK);
  }
  const row_range rows =
      attention_rows_seeing(s, position, state->rows, first, KEY_BLOCK, ROW_STEP);
  const uint16_t *panels = values + first * columns;
  const int64_t terms = round_up(count, INNER_STEP);
  for (int64_t from = rows.from; from < rows.to;) {
    // Rows on the diagonal go by steps, which see ever more keys, the others together.
    const int64_t diagonal = position + from - first + 1 < KEY_BLOCK;
    const int64_t to = diagonal && from + ROW_STEP < rows.to ? from + ROW_STEP : rows.to;
    const int64_t end = position + to - first < KEY_BLOCK ? position + to - first : KEY_BLOCK;
    const int64_t width = round_up(end, INNER_STEP);
    for (int64_t r = from; r < to; r++) attention_weigh(s, state, r, first, width);
    for (int64_t d = 0; d < columns; d += PANEL) {
      float *sums = state->sums + from * columns + d;
      block_part(to - from, state->weights + from * KEY_BLOCK, KEY_BLOCK, panels + d * terms,
                 terms * HALF, width, sums, columns, sums, columns);
    }
    from = to;
  }
}

/// Divides the sums by the totals and writes the block's rows.
INLINE void attention_finish(const pare_attention *s, const attention_state *state, float *out,
                             float *log_sum) {
  const int64_t columns = attention_columns(s), dim = s->head_dim;
  for (int64_t r = 0; r < state->rows; r++, out += s->heads * dim) {
    const float total = _mm512_reduce_add_ps((__m512)load(state->totals + r * LANES));
    const float share = 1 / total;
    const float *sums = state->sums + r * columns;
    int64_t d = 0;
    for (; d + LANES <= dim; d += LANES) store(out + d, load(sums + d) * share);
    if (d < dim) store_part(out + d, load(sums + d) * share, dim - d);
    if (log_sum) log_sum[r] = (state->references[r] + log2f(total)) * LN_2;
  }
}

/// Rows QUERY_BLOCK · block and on of head `head` (b · H + h), from keys and values packed by
/// attention_pack. log_sum [B, H, T] may be null. Stops early, its rows unfinished, when an interrupt
/// is asked for.
static void attention_block(const pare_attention *s, const float *q, const void *packed,
                            float *out, float *log_sum, int64_t head, int64_t block,
                            void *scratch) {
  attention_state state = attention_lay_out(s, scratch);
  const int64_t start = block * QUERY_BLOCK, b = head / s->heads, h = head % s->heads;
  const int64_t offset = ((b * s->queries + start) * s->heads + h) * s->head_dim;
  state.rows = s->queries - start < QUERY_BLOCK ? s->queries - start : QUERY_BLOCK;
  state.position = s->keys - s->queries + start;
  convert_rows(q + offset, s->heads * s->head_dim, state.queries, state.rows, s->head_dim,
               attention_inner(s));
  memset(state.sums, 0, (size_t)(QUERY_BLOCK * attention_columns(s)) * sizeof(float));
  memset(state.totals, 0, QUERY_BLOCK * LANES * sizeof(float));
  // Finite, so that a row none of whose keys has been visible yet meets no inf - inf.
  for (int64_t r = 0; r < state.rows; r++) state.references[r] = -FLT_MAX;

  const int64_t kv_head = b * s->kv_heads + h / (s->heads / s->kv_heads);
  const uint16_t *keys = (const uint16_t *)packed + kv_head * attention_packed_count(s);
  const uint16_t *values = keys + round_up(s->keys, KEY_BLOCK) * attention_inner(s);
  int64_t first = attention_first_key(s, state.position) / KEY_BLOCK * KEY_BLOCK;
  units_begin();
  for (; first < state.position + state.rows && !pare_interrupt_get(); first += KEY_BLOCK)
    attention_keys(s, &state, keys, values, first);
  units_end();
  if (first >= state.position + state.rows)
    attention_finish(s, &state, out + offset,
                     log_sum ? log_sum + head * s->queries + start : NULL);
}
