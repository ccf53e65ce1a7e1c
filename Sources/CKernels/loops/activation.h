// Activations of the gated MLP.

/// out = silu(gate) · up.
static void swiglu(const float *gate, const float *up, float *out, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vec g = load(gate + i);
    store(out + i, g * vsigmoid(g) * load(up + i));
  }
  if (i < count) {
    const vec g = load_part(gate + i, count - i);
    store_part(out + i, g * vsigmoid(g) * load_part(up + i, count - i), count - i);
  }
}

INLINE void swiglu_gradient_vector(vec d, vec g, vec u, vec *d_gate, vec *d_up) {
  const vec s = vsigmoid(g);
  *d_up = d * g * s;
  *d_gate = d * u * s * (1.0f + g * (1.0f - s));
}

/// d_gate and d_up of swiglu; d_up may be d_out.
static void swiglu_gradient(const float *d_out, const float *gate, const float *up, float *d_gate,
                            float *d_up, int64_t count) {
  int64_t i = 0;
  vec dg, du;
  for (; i + LANES <= count; i += LANES) {
    swiglu_gradient_vector(load(d_out + i), load(gate + i), load(up + i), &dg, &du);
    store(d_gate + i, dg);
    store(d_up + i, du);
  }
  if (i < count) {
    const int64_t n = count - i;
    swiglu_gradient_vector(load_part(d_out + i, n), load_part(gate + i, n), load_part(up + i, n),
                           &dg, &du);
    store_part(d_gate + i, dg, n);
    store_part(d_up + i, du, n);
  }
}
