// Products that a library for large matrices does slowly: one row, and integers.

/// out[n] (+)= x · weight[n] for n in from..<to; weight [columns, inner].
static void multiply_row_transposed(const float *x, const float *weight, float *out, int64_t inner,
                                    int64_t from, int64_t to, int accumulates) {
  for (int64_t n = from; n < to; n++) {
    const float *w = weight + n * inner;
    vec a = splat(0), b = splat(0), c = splat(0), d = splat(0);
    int64_t k = 0;
    for (; k + 4 * LANES <= inner; k += 4 * LANES) {
      a = vfma(load(x + k), load(w + k), a);
      b = vfma(load(x + k + LANES), load(w + k + LANES), b);
      c = vfma(load(x + k + 2 * LANES), load(w + k + 2 * LANES), c);
      d = vfma(load(x + k + 3 * LANES), load(w + k + 3 * LANES), d);
    }
    for (; k + LANES <= inner; k += LANES) a = vfma(load(x + k), load(w + k), a);
    if (k < inner) b = vfma(load_part(x + k, inner - k), load_part(w + k, inner - k), b);
    const float sum = sum_lanes((a + b) + (c + d));
    out[n] = accumulates ? out[n] + sum : sum;
  }
}

/// out[n] (+)= Σ x[k] · right[k, n] for n in from..<to; right [inner, columns].
static void multiply_row(const float *x, const float *right, float *out, int64_t inner,
                         int64_t columns, int64_t from, int64_t to, int accumulates) {
  for (int64_t n = from; n < to; n += LANES) {
    const int64_t width = to - n < LANES ? to - n : LANES;
    vec sum = splat(0);
    if (width == LANES)
      for (int64_t k = 0; k < inner; k++) sum = vfma(load(right + k * columns + n), splat(x[k]), sum);
    else
      for (int64_t k = 0; k < inner; k++)
        sum = vfma(load_part(right + k * columns + n, width), splat(x[k]), sum);
    if (accumulates) sum += load_part(out + n, width);
    store_part(out + n, sum, width);
  }
}

/// Rows of out [rows, columns] = left [rows, inner] · right [inner, columns], wrapping around.
static void multiply_i64_rows(const int64_t *left, const int64_t *right, int64_t *out, int64_t rows,
                              int64_t columns, int64_t inner) {
  for (int64_t r = 0; r < rows; r++) {
    uint64_t *row = (uint64_t *)out + r * columns;
    memset(row, 0, (size_t)columns * sizeof *row);
    for (int64_t k = 0; k < inner; k++) {
      const uint64_t factor = (uint64_t)left[r * inner + k];
      const uint64_t *from = (const uint64_t *)right + k * columns;
      for (int64_t c = 0; c < columns; c++) row[c] += factor * from[c];
    }
  }
}
