// Reductions of `count` rows of `width` neighbours, rows `stride` elements apart, to `width` results.
// Sums of f32 are taken in f64. A NaN is both the largest and the smallest.

typedef double dvec __attribute__((vector_size(LANES * 8)));

INLINE dvec widen(vec v) { return __builtin_convertvector(v, dvec); }

/// Sum of the lanes, in a fixed tree.
INLINE double sum_wide(dvec v) {
  double lanes[LANES];
  memcpy(lanes, &v, sizeof v);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
  return lanes[0];
}

static double sum_row_f32(const float *x, int64_t count) {
  dvec a = {}, b = {};
  int64_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    a += widen(load(x + i));
    b += widen(load(x + i + LANES));
  }
  double total = sum_wide(a + b);
  for (; i < count; i++) total += x[i];
  return total;
}

INLINE ivec vnan(vec v) { return v != v; }

/// The largest of a row with `sign` 1, minus the smallest with -1; NaN where there is one.
static float extreme_row_f32(const float *x, int64_t count, float sign) {
  vec best = splat(-INFINITY);
  ivec nan = {};
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vec v = load(x + i) * sign;
    best = blend(v > best, v, best);
    nan |= vnan(v);
  }
  float result = -INFINITY;
  int has_nan = 0;
  for (int lane = 0; lane < LANES; lane++) {
    result = best[lane] > result ? best[lane] : result;
    has_nan |= nan[lane];
  }
  for (; i < count; i++) {
    const float v = x[i] * sign;
    result = v > result ? v : result;
    has_nan |= v != v;
  }
  return has_nan ? NAN : result;
}

INLINE double minimum_f64(double a, double b) { return a < b || a != a ? a : b; }
INLINE double maximum_f64(double a, double b) { return a > b || a != a ? a : b; }

// `totals` hold sums of f32 or, exactly, its extremes.
#define DEFINE_COLUMNS(NAME, TYPE, TOTAL, ADD, MIN, MAX)                                           \
  static void NAME(pare_reduction reduction, const TYPE *x, int64_t count, int64_t stride,         \
                   int64_t width, TOTAL *totals) {                                                 \
    for (int64_t i = 0; i < width; i++)                                                            \
      totals[i] = reduction == PARE_SUM || count == 0 ? 0 : (TOTAL)x[i];                           \
    for (int64_t n = 0; n < count; n++) {                                                          \
      const TYPE *row = x + n * stride;                                                            \
      if (reduction == PARE_SUM)                                                                   \
        for (int64_t i = 0; i < width; i++) totals[i] = ADD(totals[i], (TOTAL)row[i]);             \
      else if (reduction == PARE_SMALLEST)                                                         \
        for (int64_t i = 0; i < width; i++) totals[i] = MIN(totals[i], (TOTAL)row[i]);             \
      else                                                                                         \
        for (int64_t i = 0; i < width; i++) totals[i] = MAX(totals[i], (TOTAL)row[i]);             \
    }                                                                                              \
  }
#define PLUS(a, b) ((a) + (b))
#define LOWER(a, b) ((a) < (b) ? (a) : (b))
#define UPPER(a, b) ((a) > (b) ? (a) : (b))
DEFINE_COLUMNS(reduce_columns_f32, float, double, PLUS, minimum_f64, maximum_f64)
DEFINE_COLUMNS(reduce_f64, double, double, PLUS, minimum_f64, maximum_f64)
DEFINE_COLUMNS(reduce_i64, int64_t, int64_t, add_i64, LOWER, UPPER)
DEFINE_COLUMNS(reduce_bool, uint8_t, int64_t, PLUS, LOWER, UPPER)
#undef UPPER
#undef LOWER
#undef PLUS
#undef DEFINE_COLUMNS

static void reduce_f32(pare_reduction reduction, const float *x, int64_t count, int64_t stride,
                       int64_t width, double *totals) {
  if (width != 1 || stride != 1 || count == 0)
    reduce_columns_f32(reduction, x, count, stride, width, totals);
  else if (reduction == PARE_SUM)
    *totals = sum_row_f32(x, count);
  else if (reduction == PARE_LARGEST)
    *totals = extreme_row_f32(x, count, 1);
  else
    *totals = -extreme_row_f32(x, count, -1);
}

// The lowest n whose element is extreme, for each of `width` columns.
#define DEFINE_INDEX(NAME, TYPE)                                                                   \
  static void NAME(int largest, const TYPE *x, int64_t count, int64_t stride, int64_t width,       \
                   int64_t *indices) {                                                             \
    for (int64_t i = 0; i < width; i++) {                                                          \
      TYPE best = x[i];                                                                            \
      int64_t index = 0;                                                                           \
      for (int64_t n = 1; n < count && best == best; n++) {                                        \
        const TYPE v = x[n * stride + i];                                                          \
        if ((largest ? v > best : v < best) || v != v) {                                           \
          best = v;                                                                                \
          index = n;                                                                               \
        }                                                                                          \
      }                                                                                            \
      indices[i] = index;                                                                          \
    }                                                                                              \
  }
DEFINE_INDEX(reduce_index_f32, float)
DEFINE_INDEX(reduce_index_i64, int64_t)
#undef DEFINE_INDEX

/// Σ exp(x[i]·factor − maximum).
static double sum_exp(const float *x, int64_t count, float factor, float maximum) {
  dvec total = {};
  int64_t i = 0;
  // Four at a time in f32, which costs two roundings and spares three conversions.
  for (; i + 4 * LANES <= count; i += 4 * LANES) {
    const vec a = vexp(load(x + i) * factor - maximum);
    const vec b = vexp(load(x + i + LANES) * factor - maximum);
    const vec c = vexp(load(x + i + 2 * LANES) * factor - maximum);
    const vec d = vexp(load(x + i + 3 * LANES) * factor - maximum);
    total += widen((a + b) + (c + d));
  }
  for (; i + LANES <= count; i += LANES) total += widen(vexp(load(x + i) * factor - maximum));
  double sum = sum_wide(total);
  if (i < count) {
    const vec rest = vexp(load_part(x + i, count - i) * factor - maximum);
    for (int64_t k = 0; k < count - i; k++) sum += rest[k];
  }
  return sum;
}

/// log Σ exp of a row; −∞ where every element is.
static float log_sum_exp(const float *x, int64_t count) {
  const float maximum = extreme_row_f32(x, count, 1);
  if (maximum - maximum != 0) return maximum;
  return maximum + (float)log(sum_exp(x, count, 1, maximum));
}
