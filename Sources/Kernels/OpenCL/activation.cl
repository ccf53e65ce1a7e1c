// Activations of the gated MLP.

/// out = silu(gate) · up.
KERNEL void swiglu(IN(float, gate), IN(float, up), OUT(float, out), long count) {
  AT(gate);
  AT(up);
  AT(out);
  EACH_VECTOR(i, count) {
    const long n = count - i;
    const vec g = load_part(gate + i, n, 0);
    store_part(g / (1.0f + exp(-g)) * load_part(up + i, n, 0), out + i, n);
  }
}

/// d_gate and d_up of swiglu; d_up may be d_out.
KERNEL void swiglu_gradient(
    IN(float, d_out), IN(float, gate), IN(float, up), OUT(float, d_gate), OUT(float, d_up),
    long count) {
  AT(d_out);
  AT(gate);
  AT(up);
  AT(d_gate);
  AT(d_up);
  EACH_VECTOR(i, count) {
    const long n = count - i;
    const vec d = load_part(d_out + i, n, 0), g = load_part(gate + i, n, 0);
    const vec u = load_part(up + i, n, 0), s = 1.0f / (1.0f + exp(-g));
    store_part(d * u * s * (1.0f + g * (1.0f - s)), d_gate + i, n);
    store_part(d * g * s, d_up + i, n);
  }
}
