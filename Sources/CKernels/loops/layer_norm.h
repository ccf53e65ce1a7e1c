// The layer norm (arXiv 1607.06450): out = weight · (x − m) · r + bias, with m = Σ x / divisor,
// v = Σ x² / divisor − m² and r = 1 / √(v + ε). Where channels are masked, and zero, the divisor is
// the number of the others.

/// Σ (x − m).
INLINE float sum_of_row(const float *x, float m, int64_t width) {
  vec s0 = splat(0), s1 = s0;
  int64_t i = 0;
  for (; i + 2 * LANES <= width; i += 2 * LANES) {
    s0 += load(x + i) - m;
    s1 += load(x + i + LANES) - m;
  }
  float sum = sum_lanes(s0 + s1);
  for (; i < width; i++) sum += x[i] - m;
  return sum;
}

/// Σ (x − m)².
INLINE float sum_of_row_deviations(const float *x, float m, int64_t width) {
  vec s0 = splat(0), s1 = s0;
  int64_t i = 0;
  for (; i + 2 * LANES <= width; i += 2 * LANES) {
    const vec a = load(x + i) - m, b = load(x + i + LANES) - m;
    s0 = vfma(a, a, s0);
    s1 = vfma(b, b, s1);
  }
  float sum = sum_lanes(s0 + s1);
  for (; i < width; i++) sum += (x[i] - m) * (x[i] - m);
  return sum;
}

/// Normed rows; m and r of each row in mean[rows] and inverse[rows].
static void layer_norm(const float *x, const float *weight, const float *bias, float *out,
                       float *mean, float *inverse, int64_t rows, int64_t width, int64_t divisor,
                       float epsilon) {
  const float masked = (float)(width - divisor);
  for (int64_t row = 0; row < rows; row++, x += width, out += width) {
    const float m = sum_of_row(x, 0, width) / (float)divisor;
    // Each masked channel has put m² into the sum.
    const float v = (sum_of_row_deviations(x, m, width) - masked * m * m) / (float)divisor;
    const float r = 1 / sqrtf((v < 0 ? 0 : v) + epsilon);
    mean[row] = m;
    inverse[row] = r;
    int64_t i = 0;
    for (; i + LANES <= width; i += LANES)
      store(out + i, vfma((load(x + i) - m) * r, load(weight + i), load(bias + i)));
    for (; i < width; i++) out[i] = (x[i] - m) * r * weight[i] + bias[i];
  }
}

/// With n = (x − m) · r: dx = r · (weight · d_out − Σ weight · d_out / divisor − n · Σ weight · d_out ·
/// n / divisor), and d_weight += Σ_rows d_out · n where d_weight is not null. dx may be d_out.
static void layer_norm_gradient(const float *d_out, const float *x, const float *weight,
                                const float *mean, const float *inverse, float *dx,
                                float *d_weight, int64_t rows, int64_t width, int64_t divisor) {
  for (int64_t row = 0; row < rows; row++, d_out += width, x += width, dx += width) {
    const float m = mean[row], r = inverse[row];
    vec plain = splat(0), skewed = plain;
    int64_t i = 0;
    for (; i + LANES <= width; i += LANES) {
      const vec g = load(weight + i) * load(d_out + i);
      plain += g;
      skewed = vfma(g, (load(x + i) - m) * r, skewed);
    }
    float sum = sum_lanes(plain), product = sum_lanes(skewed);
    for (; i < width; i++) {
      const float g = weight[i] * d_out[i];
      sum += g;
      product += g * ((x[i] - m) * r);
    }

    const float level = sum / (float)divisor, slope = product / (float)divisor;
    i = 0;
    for (; i + LANES <= width; i += LANES) {
      const vec d = load(d_out + i), n = (load(x + i) - m) * r;
      if (d_weight) store(d_weight + i, vfma(d, n, load(d_weight + i)));
      store(dx + i, (load(weight + i) * d - level - n * slope) * r);
    }
    for (; i < width; i++) {
      const float d = d_out[i], n = (x[i] - m) * r;
      if (d_weight) d_weight[i] += d * n;
      dx[i] = (weight[i] * d - level - n * slope) * r;
    }
  }
}
