// What the gradients of attention keep for a block of queries, and P and dS in every form that is
// multiplied.

#define GRADIENT_QUERIES 128

/// From one half of a panel of P or dS to the other.
#define HALF_PANEL (GRADIENT_QUERIES * HALF)

_Static_assert(GRADIENT_QUERIES % INNER_STEP == 0, "queries are terms of the keys' gradients");

/// A block of queries and what is kept for it. Rows up to the next INNER_STEP are padded: with zeros,
/// and with an infinite log_sum, which makes their weights zero.
typedef struct {
  float *scores;                 // [GRADIENT_QUERIES, PANEL], without the factor
  float *slopes;                 // [GRADIENT_QUERIES, PANEL], dOut Vᵀ
  float *dq;                     // [GRADIENT_QUERIES, columns], before the factor scale
  float *log_sum, *delta;        // [GRADIENT_QUERIES], the first in units of log 2
  uint16_t *queries, *d_out;     // bf16 [GRADIENT_QUERIES, inner]
  uint16_t *queries_transposed;  // bf16 [D, GRADIENT_QUERIES]
  uint16_t *d_out_transposed;    // bf16 [D, GRADIENT_QUERIES]
  uint16_t *weight_panel;        // bf16 [2, GRADIENT_QUERIES/2, HALF, 2], P
  uint16_t *slope_panel;         // bf16 [2, GRADIENT_QUERIES/2, HALF, 2], dS
  uint16_t *slope_rows;          // bf16 [GRADIENT_QUERIES, PANEL], dS
  int64_t rows, padded, position;
  int is_first;
} gradient_state;

/// Bytes of scratch that attention_gradient_head wants.
static int64_t attention_gradient_scratch_bytes(const pare_attention *s) {
  const int64_t floats = 2 * PANEL + attention_columns(s) + 2;
  const int64_t rounded = 2 * attention_inner(s) + 2 * s->head_dim + 3 * PANEL;
  return GRADIENT_QUERIES * (floats * (int64_t)sizeof(float) + rounded * (int64_t)sizeof(uint16_t));
}

INLINE gradient_state gradient_lay_out(const pare_attention *s, void *scratch) {
  const int64_t tile = GRADIENT_QUERIES * PANEL;
  gradient_state state = {0};
  state.scores = scratch;
  state.slopes = state.scores + tile;
  state.dq = state.slopes + tile;
  state.log_sum = state.dq + GRADIENT_QUERIES * attention_columns(s);
  state.delta = state.log_sum + GRADIENT_QUERIES;
  state.queries = (uint16_t *)(state.delta + GRADIENT_QUERIES);
  state.d_out = state.queries + GRADIENT_QUERIES * attention_inner(s);
  state.queries_transposed = state.d_out + GRADIENT_QUERIES * attention_inner(s);
  state.d_out_transposed = state.queries_transposed + GRADIENT_QUERIES * s->head_dim;
  state.weight_panel = state.d_out_transposed + GRADIENT_QUERIES * s->head_dim;
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
    const int64_t place = c / HALF * HALF_PANEL + r * HALF + c % HALF * 2;
    _mm512_storeu_si512(state->weight_panel + place, interleave(weights));
    _mm512_storeu_si512(state->slope_panel + place, interleave(slopes));
    _mm256_storeu_si256((__m256i_u *)(state->slope_rows + r * PANEL + c),
                        _mm512_castsi512_si256(slopes));
    _mm256_storeu_si256((__m256i_u *)(state->slope_rows + (r + 1) * PANEL + c),
                        _mm512_extracti64x4_epi64(slopes, 1));
  }
}
