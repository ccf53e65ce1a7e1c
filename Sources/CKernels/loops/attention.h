// Causal grouped-query attention, forward: blocks of queries against blocks of keys with a running
// softmax (arXiv 2205.14135). B = batch, T = queries, S = keys, H = heads, G = key-value heads,
// D = head size; q, out [B, T, H, D]; k, v [B, key_capacity, G, D]. Query t stands at position
// S - T + t and sees the keys up to there, the latest `window` of them.
//
// Scores are kept in units of log 2: the factor scale / ln 2 goes into the queries, and e^x becomes
// 2^x.

#define QUERY_BLOCK PARE_QUERY_BLOCK
#define KEY_BLOCK PARE_KEY_BLOCK

_Static_assert(KEY_BLOCK % FLOAT_PANEL == 0, "a block of keys is a whole number of panels");

INLINE int64_t attention_padded(const pare_attention *s) {
  return round_up(s->head_dim, FLOAT_PANEL);
}

/// Floats of one key-value head's packed keys and values: keys transposed in panels of
/// [D, FLOAT_PANEL], then values in rows of D padded to a whole number of panels.
static int64_t attention_packed_count(const pare_attention *s) {
  return round_up(s->keys, KEY_BLOCK) * (s->head_dim + attention_padded(s));
}

/// Packs block `block` (KEY_BLOCK keys) of key-value head `head` (b · G + g) into its place in
/// packed[B · G, attention_packed_count].
static void attention_pack(const pare_attention *s, const float *k, const float *v, float *packed,
                           int64_t head, int64_t block) {
  const int64_t row = s->kv_heads * s->head_dim, padded = attention_padded(s);
  const int64_t first = block * KEY_BLOCK;
  const int64_t count = s->keys - first < KEY_BLOCK ? s->keys - first : KEY_BLOCK;
  const int64_t offset = (head / s->kv_heads * s->key_capacity + first) * row +
                         head % s->kv_heads * s->head_dim;
  float *keys = packed + head * attention_packed_count(s);
  float *values = keys + round_up(s->keys, KEY_BLOCK) * s->head_dim;
  for (int64_t j = 0; j < count; j += FLOAT_PANEL)
    pack_transposed(k + offset + j * row, row, clamp(count - j, FLOAT_PANEL), s->head_dim,
                    keys + (first + j) * s->head_dim);
  pack_rows(v + offset, row, count, s->head_dim, 1, values + first * padded, padded);
}

/// What a block of queries carries from one block of keys to the next.
typedef struct {
  float *queries; // [QUERY_BLOCK, D], scaled
  float *sums;    // [QUERY_BLOCK, padded D], of values weighted by 2^(score - reference)
  float *totals;  // [QUERY_BLOCK, LANES], of the weights
  float *scores;  // [TILE_ROWS, KEY_BLOCK]
  float *references;  // [QUERY_BLOCK]
} attention_state;

/// Floats of scratch that attention_block wants.
static int64_t attention_scratch_count(const pare_attention *s) {
  return QUERY_BLOCK * (s->head_dim + attention_padded(s) + LANES + 1) + TILE_ROWS * KEY_BLOCK;
}

INLINE attention_state attention_lay_out(const pare_attention *s, float *scratch) {
  attention_state state;
  state.queries = scratch;
  state.sums = state.queries + QUERY_BLOCK * s->head_dim;
  state.totals = state.sums + QUERY_BLOCK * attention_padded(s);
  state.scores = state.totals + QUERY_BLOCK * LANES;
  state.references = state.scores + TILE_ROWS * KEY_BLOCK;
  return state;
}

/// Sets scores[width] outside [low, high) to minus infinity; either may be negative.
INLINE void attention_hide(float *scores, int64_t width, int64_t low, int64_t high) {
  const int64_t end = low < width ? low : width;
  for (int64_t c = 0; c < end; c++) scores[c] = -INFINITY;
  for (int64_t c = high > 0 ? high : 0; c < width; c++) scores[c] = -INFINITY;
}

/// Turns a row of scores into weights 2^(score - reference), with the row's total and sums brought up
/// to date. The reference follows the largest score, but lets it run ahead by up to 2^SLACK, since
/// moving it costs a pass over the sums; f32 has room for that.
INLINE void attention_soften(float *scores, int64_t width, float *reference, float *total,
                             float *sums, int64_t padded) {
  vec highest = load(scores);
  for (int64_t c = LANES; c < width; c += LANES) highest = larger(load(scores + c), highest);
  const float most = max_lanes(highest);
  vec sum = load(total);
  if (most > *reference + SLACK) {
    const vec factor = vexp2(splat(*reference - most));
    for (int64_t d = 0; d < padded; d += LANES) store(sums + d, load(sums + d) * factor);
    sum *= factor;
    *reference = most;
  }
  const float base = *reference;
  for (int64_t c = 0; c < width; c += LANES) {
    const vec weight = vexp2(load(scores + c) - base);
    store(scores + c, weight);
    sum += weight;
  }
  store(total, sum);
}

/// One strip of query rows, the first at `position`, against one block of keys that starts at
/// `first`.
INLINE void attention_strip(const pare_attention *s, attention_state *state, int64_t row,
                            int64_t rows, int64_t position, const float *keys, const float *values,
                            int64_t first) {
  const int64_t padded = attention_padded(s), dim = s->head_dim;
  const int64_t last = position + rows - 1;
  const int64_t width = last - first + 1 < KEY_BLOCK ? last - first + 1 : KEY_BLOCK;
  if (width <= 0 || first + KEY_BLOCK <= attention_first_key(s, position)) return;
  const int64_t panels = (width + FLOAT_PANEL - 1) / FLOAT_PANEL;
  strip_product(rows, state->queries + row * dim, dim, keys + first * dim, FLOAT_PANEL,
                FLOAT_PANEL * dim, state->scores, KEY_BLOCK, dim, panels);
  for (int64_t r = 0; r < rows; r++) {
    float *scores = state->scores + r * KEY_BLOCK;
    const int64_t low = attention_first_key(s, position + r) - first;
    const int64_t high = position + r - first + 1;
    if (low > 0 || high < panels * FLOAT_PANEL)
      attention_hide(scores, panels * FLOAT_PANEL, low, high);
    attention_soften(scores, panels * FLOAT_PANEL, state->references + row + r,
                     state->totals + (row + r) * LANES, state->sums + (row + r) * padded, padded);
  }
  strip_product_add(rows, state->scores, KEY_BLOCK, values + first * padded, padded, FLOAT_PANEL,
                    state->sums + row * padded, padded, width, padded / FLOAT_PANEL);
}

/// Divides the sums by the totals and writes the block's rows.
INLINE void attention_finish(const pare_attention *s, const attention_state *state, int64_t rows,
                             float *out, float *log_sum) {
  const int64_t padded = attention_padded(s);
  for (int64_t r = 0; r < rows; r++, out += s->heads * s->head_dim) {
    const float total = sum_lanes(load(state->totals + r * LANES));
    const float share = 1 / total;
    for (int64_t d = 0; d < s->head_dim; d++) out[d] = state->sums[r * padded + d] * share;
    if (log_sum) log_sum[r] = (state->references[r] + log2f(total)) * LN_2;
  }
}

/// Rows QUERY_BLOCK · block and on of head `head` (b · H + h), from keys and values packed by
/// attention_pack. log_sum [B, H, T] may be null. Stops early, its rows unfinished, when an interrupt
/// is asked for.
static void attention_block(const pare_attention *s, const float *q, const float *packed,
                            float *out, float *log_sum, int64_t head, int64_t block,
                            float *scratch) {
  attention_state state = attention_lay_out(s, scratch);
  const int64_t padded = attention_padded(s), start = block * QUERY_BLOCK;
  const int64_t rows = s->queries - start < QUERY_BLOCK ? s->queries - start : QUERY_BLOCK;
  const int64_t b = head / s->heads, h = head % s->heads;
  const int64_t offset = ((b * s->queries + start) * s->heads + h) * s->head_dim;
  pack_rows(q + offset, s->heads * s->head_dim, rows, s->head_dim, s->scale * LOG2_E,
            state.queries, s->head_dim);
  memset(state.sums, 0, (size_t)(QUERY_BLOCK * padded) * sizeof(float));
  memset(state.totals, 0, QUERY_BLOCK * LANES * sizeof(float));
  // Finite, so that a row none of whose keys has been visible yet meets no inf - inf.
  for (int64_t r = 0; r < rows; r++) state.references[r] = -FLT_MAX;

  const int64_t kv_head = b * s->kv_heads + h / (s->heads / s->kv_heads);
  const float *keys = packed + kv_head * attention_packed_count(s);
  const float *values = keys + round_up(s->keys, KEY_BLOCK) * s->head_dim;
  const int64_t position = s->keys - s->queries + start;
  int64_t first = attention_first_key(s, position) / KEY_BLOCK * KEY_BLOCK;
  for (; first < position + rows; first += KEY_BLOCK) {
    if (pare_interrupt_get()) return;
    for (int64_t r = 0; r < rows; r += TILE_ROWS)
      attention_strip(s, &state, r, rows - r < TILE_ROWS ? rows - r : TILE_ROWS, position + r, keys,
                      values, first);
  }
  attention_finish(s, &state, rows, out + offset,
                   log_sum ? log_sum + head * s->queries + start : NULL);
}
