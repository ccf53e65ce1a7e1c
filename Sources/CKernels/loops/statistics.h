// Statistics of activations, in f64.

/// For each of `width` <= 256 units over `time` rows that lie `stride` apart: the mean of |x|, the
/// root of Σ x², and the variance about the mean, found in a second pass.
static void time_moments(const float *x, int64_t time, int64_t stride, int64_t width,
                         float *absolute_mean, float *norm, float *variance) {
  double absolute[256] = {0}, square[256] = {0}, sum[256] = {0}, spread[256] = {0};
  for (int64_t t = 0; t < time; t++) {
    const float *row = x + t * stride;
    for (int64_t i = 0; i < width; i++) {
      const double v = row[i];
      absolute[i] += __builtin_fabs(v);
      square[i] += v * v;
      sum[i] += v;
    }
  }
  for (int64_t i = 0; i < width; i++) sum[i] /= (double)time;
  for (int64_t t = 0; t < time; t++) {
    const float *row = x + t * stride;
    for (int64_t i = 0; i < width; i++) {
      const double difference = row[i] - sum[i];
      spread[i] += difference * difference;
    }
  }
  for (int64_t i = 0; i < width; i++) {
    absolute_mean[i] = (float)(absolute[i] / (double)time);
    norm[i] = (float)__builtin_elementwise_sqrt(square[i]);
    variance[i] = (float)(spread[i] / (double)time);
  }
}

/// Σ x·y.
static double dot_wide(const float *x, const float *y, int64_t count) {
  dvec a = {}, b = {};
  int64_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    a += widen(load(x + i)) * widen(load(y + i));
    b += widen(load(x + i + LANES)) * widen(load(y + i + LANES));
  }
  double total = sum_wide(a + b);
  for (; i < count; i++) total += (double)x[i] * y[i];
  return total;
}

/// x·y / (|x| |y|), 0 where a norm is 0.
static float cosine(const float *x, const float *y, int64_t count) {
  const double lengths = __builtin_elementwise_sqrt(sum_of_squares(x, count)) *
                         __builtin_elementwise_sqrt(sum_of_squares(y, count));
  return lengths == 0 ? 0 : (float)(dot_wide(x, y, count) / lengths);
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
