// Statistics of activations. Each is read from memory once.

/// Positions whose moments are found in registers.
enum { MOMENT_ROWS = 16 };

/// The moments of a unit in f64, so far, LANES units at a time.
typedef struct {
  dvec absolute, mean, spread;
} moments;

/// Σ of the rows' lanes, in a fixed tree: an error of at most 4 roundings. Overwrites the rows.
INLINE vec sum_rows(vec *rows) {
  for (int half = MOMENT_ROWS / 2; half > 0; half /= 2)
    for (int r = 0; r < half; r++) rows[r] += rows[r + half];
  return rows[0];
}

/// Adds MOMENT_ROWS positions to the moments of `done` positions before them: the block's own moments
/// about its own mean in f32, then Chan's update in f64 (Chan, Golub and LeVeque, 1979). A mean that
/// is large beside the deviations, or one position far from all others, costs no digits.
/// - Returns: lanes, all ones where the block's squares may leave the range of f32.
INLINE ivec add_moments(const float *x, int64_t stride, int64_t lanes, double done, moments *all) {
  vec rows[MOMENT_ROWS], terms[MOMENT_ROWS];
  for (int r = 0; r < MOMENT_ROWS; r++)
    rows[r] = lanes == LANES ? load(x + r * stride) : load_part(x + r * stride, lanes);
  for (int r = 0; r < MOMENT_ROWS; r++) terms[r] = __builtin_elementwise_abs(rows[r]);
  const vec absolute = sum_rows(terms);
  for (int r = 0; r < MOMENT_ROWS; r++) terms[r] = rows[r];
  const vec centre = sum_rows(terms) * (1.0f / MOMENT_ROWS);
  for (int r = 0; r < MOMENT_ROWS; r++) terms[r] = rows[r] -= centre;
  // What rounding left of the mean.
  const dvec rest = widen(sum_rows(terms)) * (1.0 / MOMENT_ROWS);
  for (int r = 0; r < MOMENT_ROWS; r++) terms[r] = rows[r] * rows[r];
  const dvec spread = widen(sum_rows(terms)) - rest * rest * MOMENT_ROWS;
  const dvec step = widen(centre) + rest - all->mean;
  all->absolute += widen(absolute);
  all->mean += step * (MOMENT_ROWS / (done + MOMENT_ROWS));
  all->spread += spread + step * step * (done * MOMENT_ROWS / (done + MOMENT_ROWS));
  return (absolute > 1e18f) | ((absolute < 1e-10f) & (absolute > 0.0f));
}

/// Adds one position to the moments of `done` positions before it.
INLINE void add_position(vec x, double done, moments *all) {
  const dvec step = widen(x) - all->mean;
  all->absolute += widen(__builtin_elementwise_abs(x));
  all->mean += step * (1 / (done + 1));
  all->spread += step * step * (done / (done + 1));
}

/// For each of `width` <= 128 units over `time` rows that lie `stride` apart: the mean of |x|, the
/// root of Σ x², and the variance about the mean.
static void time_moments(const float *x, int64_t time, int64_t stride, int64_t width,
                         float *absolute_mean, float *norm, float *variance) {
  moments all[128 / LANES] = {0};
  ivec extreme[128 / LANES] = {0};
  const int64_t blocks = time / MOMENT_ROWS * MOMENT_ROWS;
  const int64_t whole = width / LANES, rest = width % LANES;
  for (int64_t t = 0; t < blocks; t += MOMENT_ROWS) {
    const float *block = x + t * stride;
    for (int64_t v = 0; v < whole; v++)
      extreme[v] |= add_moments(block + v * LANES, stride, LANES, (double)t, all + v);
    if (rest)
      extreme[whole] |= add_moments(block + whole * LANES, stride, rest, (double)t, all + whole);
  }
  for (int64_t v = 0; v * LANES < width; v++) {
    const int64_t first = v * LANES, lanes = v < whole ? LANES : rest;
    int64_t t = blocks;
    int beyond = 0;
    for (int lane = 0; lane < LANES; lane++) beyond |= extreme[v][lane];
    if (beyond) {
      // Squares that f32 does not hold, f64 does.
      all[v] = (moments){0};
      t = 0;
    }
    for (; t < time; t++)
      add_position(load_part(x + t * stride + first, lanes), (double)t, all + v);
    for (int64_t lane = 0; lane < lanes; lane++) {
      const double mean = all[v].mean[lane];
      // Rounding can leave less than nothing; NaN stays.
      const double spread = all[v].spread[lane] < 0 ? 0 : all[v].spread[lane];
      absolute_mean[first + lane] = (float)(all[v].absolute[lane] / (double)time);
      const double squares = spread + mean * mean * (double)time;
      // About an infinite mean there is no spread.
      norm[first + lane] = isinf(all[v].absolute[lane]) ? INFINITY
                                                        : (float)__builtin_elementwise_sqrt(squares);
      variance[first + lane] = (float)(spread / (double)time);
    }
  }
}

/// norms[row] = √Σ x² of each of `rows` rows.
static void row_norms(const float *x, int64_t rows, int64_t width, float *norms) {
  for (int64_t row = 0; row < rows; row++)
    norms[row] = (float)__builtin_elementwise_sqrt(sum_of_squares(x + row * width, width));
}

/// x·y / (|x| |y|), 0 where a norm is 0.
static float cosine(const float *x, const float *y, int64_t count) {
  dvec products = {}, left = {}, right = {};
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t n = count - i < LANES ? count - i : LANES;
    const dvec a = widen(n == LANES ? load(x + i) : load_part(x + i, n));
    const dvec b = widen(n == LANES ? load(y + i) : load_part(y + i, n));
    products += a * b;
    left += a * a;
    right += b * b;
  }
  const double lengths = __builtin_elementwise_sqrt(sum_wide(left)) *
                         __builtin_elementwise_sqrt(sum_wide(right));
  return lengths == 0 ? 0 : (float)(sum_wide(products) / lengths);
}

/// Whether no element is NaN or infinite.
static int all_finite(const float *x, int64_t count) {
  const uint32_t exponent = 0x7f800000u;
  uint32_t found = 0;
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    found |= (bits & exponent) == exponent;
  }
  return !found;
}
