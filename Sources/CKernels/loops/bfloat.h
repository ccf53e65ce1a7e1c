// bf16 operands of products: the upper half of an f32, rounded to nearest, ties to even. Done with
// integers: the processor's own conversion takes denormals for zero.

typedef uint32_t uvec __attribute__((vector_size(LANES * 4)));
typedef uint16_t hvec __attribute__((vector_size(LANES * 2)));

/// The bf16 of each f32, in the low half; a NaN stays one.
INLINE uvec to_bfloat(vec x) {
  const uvec bits = (uvec)x;
  const uvec rounded = bits + (0x7fff + (bits >> 16 & 1));
  const ivec nan = x != x;
  return (((uvec)nan & (bits | 0x400000)) | (~(uvec)nan & rounded)) >> 16;
}

/// target = source rounded, still as f32.
static void round_to_bfloat(const float *source, float *target, int64_t count) {
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t n = count - i < LANES ? count - i : LANES;
    const vec x = n == LANES ? load(source + i) : load_part(source + i, n);
    const vec rounded = (vec)(to_bfloat(x) << 16);
    if (n == LANES) store(target + i, rounded);
    else store_part(target + i, rounded, n);
  }
}

/// bf16 [rows, padded] of f32 [rows, columns], rows `stride` apart; zeros past the columns.
static void convert_bfloat(const float *source, int64_t stride, uint16_t *target, int64_t rows,
                           int64_t columns, int64_t padded) {
  for (int64_t r = 0; r < rows; r++) {
    const float *from = source + r * stride;
    uint16_t *to = target + r * padded;
    int64_t i = 0;
    for (; i + LANES <= columns; i += LANES) {
      const hvec half = __builtin_convertvector(to_bfloat(load(from + i)), hvec);
      memcpy(to + i, &half, sizeof half);
    }
    for (; i < columns; i += LANES) {
      const int64_t n = columns - i;
      const hvec half = __builtin_convertvector(to_bfloat(load_part(from + i, n)), hvec);
      memcpy(to + i, &half, (size_t)n * 2);
    }
    memset(to + columns, 0, (size_t)(padded - columns) * 2);
  }
}

/// Pairs of bf16 (first[i], second[i]), the first in the low half; a null second row is zeros.
INLINE void pair_rows(const float *first, const float *second, uint32_t *pairs, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vec y = second ? load(second + i) : splat(0);
    const uvec pair = to_bfloat(load(first + i)) | to_bfloat(y) << 16;
    memcpy(pairs + i, &pair, sizeof pair);
  }
  if (i < count) {
    const int64_t n = count - i;
    const vec y = second ? load_part(second + i, n) : splat(0);
    const uvec pair = to_bfloat(load_part(first + i, n)) | to_bfloat(y) << 16;
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
/// multiple of 32 and at least `rows`; zeros fill it up.
static void transpose_bfloat(const float *source, int64_t stride, uint16_t *target, int64_t rows,
                             int64_t columns, int64_t padded) {
  uint32_t tile[16 * 64];
  for (int64_t r0 = 0; r0 < padded; r0 += 32) {
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

/// A product's right factor in panels of 64 columns: [columns/64][inner/32][16][64][2], pairs of
/// inner neighbours together, zeros past both ends. This is oneDNN's BA16a64b2a. Packs the panels
/// from..<to of a factor stored [inner, columns], rows `stride` apart.
static void pack_panels(const float *source, int64_t stride, uint16_t *target, int64_t inner,
                        int64_t columns, int64_t from, int64_t to) {
  const int64_t pairs = (inner + 31) / 32 * 16;
  for (int64_t panel = from; panel < to; panel++) {
    const int64_t width = columns - panel * 64 < 64 ? columns - panel * 64 : 64;
    uint32_t *out = (uint32_t *)target + panel * pairs * 64;
    for (int64_t pair = 0; pair < pairs; pair++, out += 64) {
      const float *first = source + 2 * pair * stride + panel * 64;
      const int64_t filled = 2 * pair < inner ? width : 0;
      if (filled) pair_rows(first, 2 * pair + 1 < inner ? first + stride : NULL, out, width);
      memset(out + filled, 0, (size_t)(64 - filled) * 4);
    }
  }
}

/// The same of a factor stored [columns, inner], as the weight of a linear layer is.
static void pack_panels_transposed(const float *source, int64_t stride, uint16_t *target,
                                   int64_t inner, int64_t columns, int64_t from, int64_t to) {
  uint32_t tile[64 * 16];
  const int64_t blocks = (inner + 31) / 32;
  for (int64_t panel = from; panel < to; panel++) {
    const int64_t width = columns - panel * 64 < 64 ? columns - panel * 64 : 64;
    memset(tile, 0, sizeof tile);
    for (int64_t block = 0; block < blocks; block++) {
      const int64_t k = block * 32, filled = inner - k < 32 ? inner - k : 32;
      convert_bfloat(source + panel * 64 * stride + k, stride, (uint16_t *)tile, width, filled, 32);
      uint32_t *out = (uint32_t *)target + (panel * blocks + block) * 16 * 64;
      for (int64_t n = 0; n < 64; n += 4)
        for (int64_t pair = 0; pair < 16; pair += 4)
          transpose_quad(tile + n * 16 + pair, 16, out + pair * 64 + n, 64);
    }
  }
}

/// out[n] (+)= Σ x[k] · panels: one row times panels from..<to, for generation. `x` holds bf16
/// numbers as f32, `padded` of them.
static void multiply_row_panels(const float *x, const uint16_t *panels, float *out, int64_t padded,
                                int64_t columns, int64_t from, int64_t to, int accumulates) {
  enum { groups = 64 / LANES };
  for (int64_t panel = from; panel < to; panel++) {
    const uint32_t *pairs = (const uint32_t *)panels + panel * padded * 32;
    vec sum[groups];
    for (int g = 0; g < groups; g++) sum[g] = splat(0);
    for (int64_t k = 0; k < padded; k += 2, pairs += 64) {
      const vec first = splat(x[k]), second = splat(x[k + 1]);
      for (int g = 0; g < groups; g++) {
        uvec pair;
        memcpy(&pair, pairs + g * LANES, sizeof pair);
        sum[g] = vfma((vec)(pair << 16), first, sum[g]);
        sum[g] = vfma((vec)(pair & 0xffff0000u), second, sum[g]);
      }
    }
    float row[64];
    memcpy(row, sum, sizeof row);
    const int64_t width = columns - panel * 64 < 64 ? columns - panel * 64 : 64;
    for (int64_t n = 0; n < width; n++)
      out[panel * 64 + n] = accumulates ? out[panel * 64 + n] + row[n] : row[n];
  }
}
