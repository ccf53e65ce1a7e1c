// Products of a few rows with a panel: FLOAT_PANEL columns of a matrix, held in registers while the
// depth runs by. Attention is made of these; packing and tiles are apart, so that another kind of tile can
// take their place.

// Rows of a tile: as many as the registers hold beside a row of the panel and one broadcast.
#if LANES == 16
#define TILE_ROWS 8
#elif LANES == 8
#define TILE_ROWS 6
#else
#define TILE_ROWS 4
#endif
#define FLOAT_PANEL (2 * LANES)

/// A left operand: element (r, k) stands at start[r · row + k · step].
typedef struct {
  const float *start;
  int64_t row, step;
} tile_rows;

/// c[rows, FLOAT_PANEL] = a[rows, depth] · b[depth, FLOAT_PANEL], added to c where `adds`. Rows of b
/// are b_row apart, of c c_row.
INLINE void tile(const int rows, const int adds, tile_rows a, const float *b, int64_t b_row,
                 float *c, int64_t c_row, int64_t depth) {
  vec left[TILE_ROWS], right[TILE_ROWS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    left[r] = adds ? load(c + r * c_row) : splat(0);
    right[r] = adds ? load(c + r * c_row + LANES) : splat(0);
  }
  for (int64_t k = 0; k < depth; k++) {
    const vec b0 = load(b + k * b_row), b1 = load(b + k * b_row + LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const vec x = splat(a.start[r * a.row + k * a.step]);
      left[r] = vfma(x, b0, left[r]);
      right[r] = vfma(x, b1, right[r]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    store(c + r * c_row, left[r]);
    store(c + r * c_row + LANES, right[r]);
  }
}

/// A strip of up to TILE_ROWS rows with several panels; neighbouring panels are b_panel apart in b
/// and FLOAT_PANEL apart in c.
INLINE void strip(int64_t rows, const int adds, tile_rows a, const float *b, int64_t b_row,
                  int64_t b_panel, float *c, int64_t c_row, int64_t depth, int64_t panels) {
  for (int64_t p = 0; p < panels; p++, b += b_panel, c += FLOAT_PANEL) {
    if (rows == TILE_ROWS) {
      tile(TILE_ROWS, adds, a, b, b_row, c, c_row, depth);
      continue;
    }
    tile_rows rest = a;
    float *target = c;
    int64_t left = rows;
#define PIECE(n)                                                                                   \
  if (left >= n) {                                                                                 \
    tile(n, adds, rest, b, b_row, target, c_row, depth);                                           \
    rest.start += n * rest.row;                                                                    \
    target += n * c_row;                                                                           \
    left -= n;                                                                                     \
  }
#if TILE_ROWS > 8
    PIECE(8)
#endif
#if TILE_ROWS > 4
    PIECE(4)
#endif
    PIECE(2)
    PIECE(1)
#undef PIECE
  }
}

/// c = a · b for a strip whose rows are contiguous, row elements apart.
static void strip_product(int64_t rows, const float *a, int64_t row, const float *b, int64_t b_row,
                          int64_t b_panel, float *c, int64_t c_row, int64_t depth, int64_t panels) {
  strip(rows, 0, (tile_rows){a, row, 1}, b, b_row, b_panel, c, c_row, depth, panels);
}

/// c += a · b for a strip whose rows are contiguous, row elements apart.
static void strip_product_add(int64_t rows, const float *a, int64_t row, const float *b,
                              int64_t b_row, int64_t b_panel, float *c, int64_t c_row,
                              int64_t depth, int64_t panels) {
  strip(rows, 1, (tile_rows){a, row, 1}, b, b_row, b_panel, c, c_row, depth, panels);
}

/// c += aᵀ · b, where a is [depth, rows], its rows a_row apart.
static void strip_product_transposed_add(int64_t rows, const float *a, int64_t a_row,
                                         const float *b, int64_t b_row, int64_t b_panel, float *c,
                                         int64_t c_row, int64_t depth, int64_t panels) {
  strip(rows, 1, (tile_rows){a, 1, a_row}, b, b_row, b_panel, c, c_row, depth, panels);
}

/// Up to FLOAT_PANEL rows of `width` elements, `row` apart, turned into panel[width, FLOAT_PANEL];
/// missing rows become zeros.
static void pack_transposed(const float *source, int64_t row, int64_t rows, int64_t width,
                            float *panel) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const float *from = source + r * row;
    float *to = panel + r;
    int64_t d = 0;
    for (; d + 4 <= width; d += 4) transpose_quad(from + d, row, to + d * FLOAT_PANEL, FLOAT_PANEL);
    for (; d < width; d++)
      for (int64_t i = 0; i < 4; i++) to[d * FLOAT_PANEL + i] = from[i * row + d];
  }
  for (; r < FLOAT_PANEL; r++)
    for (int64_t d = 0; d < width; d++)
      panel[d * FLOAT_PANEL + r] = r < rows ? source[r * row + d] : 0;
}

/// Rows of `width` elements, `row` apart, times `factor`, into rows of `padded` elements that end in
/// zeros.
static void pack_rows(const float *source, int64_t row, int64_t rows, int64_t width, float factor,
                      float *target, int64_t padded) {
  for (int64_t r = 0; r < rows; r++, source += row, target += padded) {
    for (int64_t d = 0; d < width; d++) target[d] = source[d] * factor;
    for (int64_t d = width; d < padded; d++) target[d] = 0;
  }
}
