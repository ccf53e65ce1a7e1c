// Softmax of rows.

/// out = e^(x − max) / Σ e^(x − max) of each row. A row with a NaN or +∞, or of nothing but −∞,
/// becomes NaN, as in PyTorch. x may be out.
static void softmax(const float *x, float *out, int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; row++, x += width, out += width) {
    vec highest = splat(-INFINITY);
    int64_t i = 0;
    for (; i + LANES <= width; i += LANES) highest = larger(load(x + i), highest);
    float most = max_lanes(highest);
    for (; i < width; i++) most = x[i] > most ? x[i] : most;

    // Sums of sums: a vocabulary is too long for one to keep its last digits.
    vec total = splat(0);
    for (i = 0; i + LANES <= width;) {
      vec part = splat(0);
      const int64_t end = width - i < 64 * LANES ? width : i + 64 * LANES;
      for (; i + LANES <= end; i += LANES) {
        const vec weight = vexp(load(x + i) - most);
        store(out + i, weight);
        part += weight;
      }
      total += part;
    }
    float sum = sum_lanes(total);
    if (i < width) {
      const vec weight = vexp(load_part(x + i, width - i) - most);
      store_part(out + i, weight, width - i);
      for (int64_t lane = 0; lane < width - i; lane++) sum += out[i + lane];
    }

    const float share = 1 / sum;
    for (i = 0; i + LANES <= width; i += LANES) store(out + i, load(out + i) * share);
    for (; i < width; i++) out[i] *= share;
  }
}
