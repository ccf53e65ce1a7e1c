// The root-mean-square norm (arXiv 1910.07467): out = weight · x · r, r = 1 / √(Σ x² / divisor + ε).

/// Σ x².
INLINE float sum_of_row_squares(const float *x, int64_t width) {
  vec s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
  int64_t i = 0;
  for (; i + 4 * LANES <= width; i += 4 * LANES) {
    const vec a = load(x + i), b = load(x + i + LANES);
    const vec c = load(x + i + 2 * LANES), d = load(x + i + 3 * LANES);
    s0 = vfma(a, a, s0);
    s1 = vfma(b, b, s1);
    s2 = vfma(c, c, s2);
    s3 = vfma(d, d, s3);
  }
  for (; i < width; i += LANES) {
    const vec a = width - i < LANES ? load_part(x + i, width - i) : load(x + i);
    s0 = vfma(a, a, s0);
  }
  return sum_lanes((s0 + s1) + (s2 + s3));
}

/// Normed rows, and r of each row in inverse[rows].
static void rms_norm(const float *x, const float *weight, float *out, float *inverse, int64_t rows,
                     int64_t width, int64_t divisor, float epsilon) {
  for (int64_t row = 0; row < rows; row++, x += width, out += width) {
    const float r = 1 / sqrtf(sum_of_row_squares(x, width) / (float)divisor + epsilon);
    inverse[row] = r;
    int64_t i = 0;
    for (; i + LANES <= width; i += LANES)
      store(out + i, load(x + i) * r * load(weight + i));
    for (; i < width; i++) out[i] = x[i] * r * weight[i];
  }
}

/// dx = r · (weight · d_out − x · r² / divisor · Σ weight · d_out · x), and d_weight += Σ_rows
/// d_out · x · r where d_weight is not null. dx may be d_out.
static void rms_norm_gradient(const float *d_out, const float *x, const float *weight,
                              const float *inverse, float *dx, float *d_weight, int64_t rows,
                              int64_t width, int64_t divisor) {
  for (int64_t row = 0; row < rows; row++, d_out += width, x += width, dx += width) {
    const float r = inverse[row];
    vec s0 = splat(0), s1 = s0;
    int64_t i = 0;
    for (; i + 2 * LANES <= width; i += 2 * LANES) {
      s0 = vfma(load(weight + i) * load(d_out + i), load(x + i), s0);
      s1 = vfma(load(weight + i + LANES) * load(d_out + i + LANES), load(x + i + LANES), s1);
    }
    float sum = sum_lanes(s0 + s1);
    for (; i < width; i++) sum += weight[i] * d_out[i] * x[i];

    const float slope = sum * r * r / (float)divisor;
    i = 0;
    for (; i + LANES <= width; i += LANES) {
      const vec d = load(d_out + i), value = load(x + i);
      if (d_weight) store(d_weight + i, vfma(d * r, value, load(d_weight + i)));
      store(dx + i, (load(weight + i) * d - value * slope) * r);
    }
    for (; i < width; i++) {
      const float d = d_out[i], value = x[i];
      if (d_weight) d_weight[i] += d * r * value;
      dx[i] = (weight[i] * d - value * slope) * r;
    }
  }
}

/// Columns [first, end) of d_weight: the sum of partial[blocks, width] in the order of the blocks, on
/// top of what is there where `adds`.
static void norm_weight_sum(const float *partial, int64_t blocks, int64_t width, float *d_weight,
                         int64_t first, int64_t end, int32_t adds) {
  for (int64_t block = 0; block < blocks; block++, partial += width) {
    const int fresh = block == 0 && !adds;
    for (int64_t i = first; i < end; i++)
      d_weight[i] = fresh ? partial[i] : d_weight[i] + partial[i];
  }
}
