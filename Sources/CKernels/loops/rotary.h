// Rotary position embedding (arXiv 2104.09864) in the half-split layout.

/// Rotates the heads of one position by its row of the tables, cosines and sines [rotated / 2]:
/// element i of a head is paired with element i + rotated / 2, and those past `rotated` pass
/// unchanged. A direction of -1 rotates back. x and out [heads, head_dim] may be the same.
static void rotary(const float *x, const float *cosines, const float *sines, float *out,
                   int64_t heads, int64_t head_dim, int64_t rotated, float direction) {
  const int64_t half = rotated / 2;
  for (int64_t head = 0; head < heads; head++, x += head_dim, out += head_dim) {
    int64_t i = 0;
    for (; i + LANES <= half; i += LANES) {
      const vec a = load(x + i), b = load(x + half + i);
      const vec c = load(cosines + i), s = load(sines + i) * direction;
      store(out + i, a * c - b * s);
      store(out + half + i, b * c + a * s);
    }
    for (; i < half; i++) {
      const float a = x[i], b = x[half + i];
      const float c = cosines[i], s = sines[i] * direction;
      out[i] = a * c - b * s;
      out[half + i] = b * c + a * s;
    }
    if (out != x)
      memcpy(out + 2 * half, x + 2 * half, (size_t)(head_dim - 2 * half) * sizeof(float));
  }
}
