// One row times a factor packed in panels of bf16, for generation: bound by memory, so that f32 sums
// cost nothing.

/// sum[PANEL] = Σ x[k] · panel. `x` holds bf16 numbers as f32, `inner` of them.
INLINE void multiply_row_panel(const float *x, const uint16_t *panel, int64_t inner, float *out) {
  enum { groups = PANEL / LANES };
  vec sum[groups];
  for (int g = 0; g < groups; g++) sum[g] = splat(0);
  for (int64_t k = 0; k < inner; k += 2) {
    const vec first = splat(x[k]), second = splat(x[k + 1]);
#pragma clang loop unroll(full)
    for (int g = 0; g < groups; g++) {
      const int64_t column = g * LANES;
      uvec pair;
      memcpy(&pair, panel + (column / HALF * inner + k) * HALF + column % HALF * 2, sizeof pair);
      sum[g] = vfma((vec)(pair << 16), first, sum[g]);
      sum[g] = vfma((vec)(pair & 0xffff0000u), second, sum[g]);
    }
  }
  memcpy(out, sum, sizeof sum);
}

/// out[n] = start[n] + Σ x[k] · panels, for panels from..<to. A null start is zeros; it may be out.
static void multiply_row_panels(const float *x, const uint16_t *panels, const float *start,
                                float *out, int64_t inner, int64_t columns, int64_t from,
                                int64_t to) {
  for (int64_t panel = from; panel < to; panel++) {
    float row[PANEL];
    multiply_row_panel(x, panels + panel * inner * PANEL, inner, row);
    const int64_t first = panel * PANEL;
    for (int64_t n = 0; n < clamp(columns - first, PANEL); n++)
      out[first + n] = start ? start[first + n] + row[n] : row[n];
  }
}

/// out[n] = silu(Σ x[k] · gate) · Σ x[k] · up, for panels from..<to; the first sum is kept where
/// projected_gate is not null.
static void multiply_row_gated(const float *x, const uint16_t *gate, const uint16_t *up,
                               float *out, float *projected_gate, int64_t inner, int64_t columns,
                               int64_t from, int64_t to) {
  for (int64_t panel = from; panel < to; panel++) {
    float gates[PANEL], ups[PANEL];
    multiply_row_panel(x, gate + panel * inner * PANEL, inner, gates);
    multiply_row_panel(x, up + panel * inner * PANEL, inner, ups);
    const int64_t first = panel * PANEL, width = clamp(columns - first, PANEL);
    if (projected_gate) memcpy(projected_gate + first, gates, (size_t)width * sizeof(float));
    swiglu(gates, ups, out + first, width);
  }
}
