// One row times a packed factor, bound by memory: in f32, since no unit would be faster.

/// out[n] (+)= Σ x[k] · panels: one row times panels from..<to, for generation. `x` holds bf16
/// numbers as f32, `padded` of them.
static void multiply_row(const float *x, const uint16_t *panels, float *out, int64_t padded,
                         int64_t columns, int64_t from, int64_t to, int accumulates) {
  enum { groups = PANEL / LANES };
  for (int64_t panel = from; panel < to; panel++) {
    const uint16_t *halves = panels + panel * padded * PANEL;
    vec sum[groups];
    for (int g = 0; g < groups; g++) sum[g] = splat(0);
    for (int64_t k = 0; k < padded; k += 2) {
      const vec first = splat(x[k]), second = splat(x[k + 1]);
      for (int g = 0; g < groups; g++) {
        const int64_t column = g * LANES;
        uvec pair;
        memcpy(&pair, halves + (column / HALF * padded + k) * HALF + column % HALF * 2, sizeof pair);
        sum[g] = vfma((vec)(pair << 16), first, sum[g]);
        sum[g] = vfma((vec)(pair & 0xffff0000u), second, sum[g]);
      }
    }
    float row[PANEL];
    memcpy(row, sum, sizeof row);
    for (int64_t n = 0; n < clamp(columns - panel * PANEL, PANEL); n++) {
      float *target = out + panel * PANEL + n;
      *target = accumulates ? *target + row[n] : row[n];
    }
  }
}
