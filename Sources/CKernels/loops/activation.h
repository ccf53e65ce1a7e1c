// Activations of the MLP, gated and not.

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

INLINE vec squared_relu_vector(vec x) {
  const vec r = blend(x <= splat(0), splat(0), x);
  return r * r;
}

INLINE vec squared_relu_slope(vec x) { return 2.0f * blend(x <= splat(0), splat(0), x); }

/// 2 · √(2/π) and the cubic term's factor of the tanh form of GELU (arXiv 1606.08415), by which it is
/// x · sigmoid(GELU_SCALE · (x + GELU_CUBE · x³)).
#define GELU_SCALE 1.5957691216057308f
#define GELU_CUBE 0.044715f

/// x where the cube of it is finite; past these bounds the sigmoid is 0 or 1 in f32. NaN may be lost:
/// the factor x brings it back.
INLINE vec gelu_clamped(vec x) { return vmin(vmax(x, splat(-16)), splat(16)); }

INLINE vec gelu_argument(vec x) { return GELU_SCALE * x * (1.0f + GELU_CUBE * x * x); }

INLINE vec tanh_gelu_vector(vec x) { return x * vsigmoid(gelu_argument(gelu_clamped(x))); }

INLINE vec tanh_gelu_slope(vec x) {
  const vec c = gelu_clamped(x), z = gelu_argument(c), s = vsigmoid(z);
  // 1 - s would cancel where s is near 1.
  return s + x * s * vsigmoid(-z) * (GELU_SCALE * (1.0f + 3.0f * GELU_CUBE * c * c));
}

INLINE vec activation_vector(pare_activation function, vec x) {
  return function == PARE_SQUARED_RELU ? squared_relu_vector(x) : tanh_gelu_vector(x);
}

INLINE vec activation_slope(pare_activation function, vec x) {
  return function == PARE_SQUARED_RELU ? squared_relu_slope(x) : tanh_gelu_slope(x);
}

/// out = f(x); may be the same place.
static void activate(pare_activation function, const float *x, float *out, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) store(out + i, activation_vector(function, load(x + i)));
  if (i < count) {
    const int64_t n = count - i;
    store_part(out + i, activation_vector(function, load_part(x + i, n)), n);
  }
}

/// dx = d_out · f'(x); may be the place of d_out.
static void activation_gradient(pare_activation function, const float *d_out, const float *x,
                                float *dx, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES)
    store(dx + i, load(d_out + i) * activation_slope(function, load(x + i)));
  if (i < count) {
    const int64_t n = count - i;
    store_part(dx + i, load_part(d_out + i, n) * activation_slope(function, load_part(x + i, n)),
               n);
  }
}
