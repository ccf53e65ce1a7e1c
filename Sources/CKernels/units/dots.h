// Products of bf16 blocks by AVX-512's dot products of pairs, sums in registers.

// Six rows of four vectors fill the registers beside a row of the panel and a broadcast.
#define BLOCK_ROWS 6

INLINE void units_begin(void) {}
INLINE void units_end(void) {}

INLINE void dot_rows(const int rows, const uint16_t *a, int64_t a_row, const uint16_t *panel,
                     int64_t half, int64_t inner, const float *start, int64_t start_row, float *c,
                     int64_t c_row) {
  enum { groups = PANEL / LANES };
  const uint16_t *halves[2] = {panel, panel + half};
  __m512 sum[BLOCK_ROWS][groups];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int g = 0; g < groups; g++)
      sum[r][g] = _mm512_setzero_ps();
  for (int64_t k = 0; k < inner; k += 2) {
    __m512bh b[groups];
#pragma clang loop unroll(full)
    for (int g = 0; g < groups; g++)
      b[g] = (__m512bh)_mm512_loadu_si512(halves[g / 2] + k * HALF + g % 2 * 2 * LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      int32_t pair;
      memcpy(&pair, a + r * a_row + k, sizeof pair);
      const __m512bh x = (__m512bh)_mm512_set1_epi32(pair);
#pragma clang loop unroll(full)
      for (int g = 0; g < groups; g++) sum[r][g] = _mm512_dpbf16_ps(sum[r][g], x, b[g]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int g = 0; g < groups; g++) {
      const int64_t column = g * LANES;
      // Last, so that a large start costs the sum no digits.
      if (start) sum[r][g] += _mm512_loadu_ps(start + r * start_row + column);
      _mm512_storeu_ps(c + r * c_row + column, sum[r][g]);
    }
}

/// c[rows, PANEL] = start + a[rows, inner] · panel, for one panel whose halves are `half` apart and an
/// inner size that is a multiple of INNER_STEP. A null start is zeros; it may be c.
static void block_part(int64_t rows, const uint16_t *a, int64_t a_row, const uint16_t *panel,
                       int64_t half, int64_t inner, const float *start, int64_t start_row,
                       float *c, int64_t c_row) {
#define DOT_ROWS(n) dot_rows(n, a, a_row, panel, half, inner, start, start_row, c, c_row)
  for (; rows >= BLOCK_ROWS; rows -= BLOCK_ROWS) {
    DOT_ROWS(BLOCK_ROWS);
    a += BLOCK_ROWS * a_row;
    c += BLOCK_ROWS * c_row;
    if (start) start += BLOCK_ROWS * start_row;
  }
  switch (rows) {
  case 5: DOT_ROWS(5); break;
  case 4: DOT_ROWS(4); break;
  case 3: DOT_ROWS(3); break;
  case 2: DOT_ROWS(2); break;
  case 1: DOT_ROWS(1); break;
  default: break;
  }
#undef DOT_ROWS
}
