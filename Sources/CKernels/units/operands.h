// Operands of products of bf16 numbers: rows of the left factor, panels of the right one.

/// Columns of a panel, and of each of its halves, which lie one after the other so that one of them
/// stays in the first cache.
#define PANEL 64
#define HALF 32
/// The inner size of every operand is a multiple of this, zeros filling it up.
#define INNER_STEP 32

INLINE int64_t round_up(int64_t n, int64_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

/// n, but from 0 to `most`.
INLINE int64_t clamp(int64_t n, int64_t most) { return n < 0 ? 0 : n < most ? n : most; }

INLINE void store_bfloat(uint16_t *p, vec v) {
  const hvec half = to_bfloat(v);
  memcpy(p, &half, sizeof half);
}

/// Pairs (first, second) of each lane, the first in the low half.
INLINE uvec pair_bfloat(vec first, vec second) {
  return __builtin_convertvector(to_bfloat(first), uvec) |
         __builtin_convertvector(to_bfloat(second), uvec) << 16;
}

/// bf16 [rows, padded] of f32 [rows, columns], rows `stride` apart; zeros past the columns.
static void convert_rows(const float *source, int64_t stride, uint16_t *target, int64_t rows,
                         int64_t columns, int64_t padded) {
  for (int64_t r = 0; r < rows; r++) {
    const float *from = source + r * stride;
    uint16_t *to = target + r * padded;
    int64_t i = 0;
    for (; i + LANES <= columns; i += LANES) store_bfloat(to + i, load(from + i));
    if (i < columns) {
      const hvec half = to_bfloat(load_part(from + i, columns - i));
      memcpy(to + i, &half, (size_t)(columns - i) * 2);
    }
    memset(to + columns, 0, (size_t)(padded - columns) * 2);
  }
}

/// Pairs of two rows of `count` elements; a null second row is zeros.
INLINE void pair_rows(const float *first, const float *second, uint32_t *pairs, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const uvec pair = pair_bfloat(load(first + i), second ? load(second + i) : splat(0));
    memcpy(pairs + i, &pair, sizeof pair);
  }
  if (i < count) {
    const int64_t n = count - i;
    const uvec pair =
        pair_bfloat(load_part(first + i, n), second ? load_part(second + i, n) : splat(0));
    memcpy(pairs + i, &pair, (size_t)n * 4);
  }
}

// target[r · stride + c] = tile[c · 64 + r] for a tile of 16 columns.
INLINE void store_transposed(const uint32_t *tile, uint32_t *target, int64_t stride, int64_t rows) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4)
    for (int64_t c = 0; c < 16; c += 4)
      transpose_quad(tile + c * 64 + r, 64, target + r * stride + c, stride);
  for (; r < rows; r++)
    for (int64_t c = 0; c < 16; c++) target[r * stride + c] = tile[c * 64 + r];
}

/// bf16 [columns, padded] of f32 [rows, columns], rows `stride` apart: transposed. `padded` is a
/// multiple of INNER_STEP and at least `rows`; zeros fill it up.
static void transpose_rows(const float *source, int64_t stride, uint16_t *target, int64_t rows,
                           int64_t columns, int64_t padded) {
  uint32_t tile[16 * 64];
  for (int64_t r0 = 0; r0 < padded; r0 += INNER_STEP) {
    for (int64_t c0 = 0; c0 < columns; c0 += 64) {
      const int64_t width = columns - c0 < 64 ? columns - c0 : 64;
      for (int64_t pair = 0; pair < 16; pair++) {
        const int64_t r = r0 + 2 * pair;
        const float *first = source + r * stride + c0;
        if (r < rows) pair_rows(first, r + 1 < rows ? first + stride : NULL, tile + pair * 64, width);
        else memset(tile + pair * 64, 0, sizeof(uint32_t) * 64);
      }
      store_transposed(tile, (uint32_t *)(target + c0 * padded + r0), padded / 2, width);
    }
  }
}

/// A product's right factor in panels: [columns/PANEL][2][inner/2][HALF][2], pairs of inner neighbours
/// together, zeros past both ends. Packs the panels from..<to of a factor stored [inner, columns],
/// rows `stride` apart.
static void pack_panels(const float *source, int64_t stride, uint16_t *target, int64_t inner,
                        int64_t columns, int64_t from, int64_t to) {
  const int64_t pairs = round_up(inner, INNER_STEP) / 2;
  for (int64_t first = from * PANEL; first < to * PANEL; first += HALF) {
    const int64_t width = clamp(columns - first, HALF);
    uint32_t *out = (uint32_t *)target + first * pairs;
    for (int64_t pair = 0; pair < pairs; pair++, out += HALF) {
      const float *row = source + 2 * pair * stride + first;
      const int64_t filled = 2 * pair < inner ? width : 0;
      if (filled) pair_rows(row, 2 * pair + 1 < inner ? row + stride : NULL, out, width);
      memset(out + filled, 0, (size_t)(HALF - filled) * 4);
    }
  }
}

/// The same of a factor stored [columns, inner], as the weight of a linear layer is.
static void pack_panels_transposed(const float *source, int64_t stride, uint16_t *target,
                                   int64_t inner, int64_t columns, int64_t from, int64_t to) {
  uint32_t tile[HALF * 16];
  const int64_t padded = round_up(inner, INNER_STEP);
  for (int64_t first = from * PANEL; first < to * PANEL; first += HALF) {
    const int64_t width = clamp(columns - first, HALF);
    memset(tile, 0, sizeof tile);
    for (int64_t k = 0; k < padded; k += INNER_STEP) {
      convert_rows(source + first * stride + k, stride, (uint16_t *)tile, width,
                   clamp(inner - k, INNER_STEP), INNER_STEP);
      uint32_t *out = (uint32_t *)target + first * padded / 2 + k / 2 * HALF;
      for (int64_t n = 0; n < HALF; n += 4)
        for (int64_t pair = 0; pair < 16; pair += 4)
          transpose_quad(tile + n * 16 + pair, 16, out + pair * HALF + n, HALF);
    }
  }
}
