// Activations of the MLP, gated and not.

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

/// x, and 0 where it is below; a NaN stays.
vec rectified(vec x) { return select(x, (vec)(0.0f), x <= 0.0f); }

// The tanh form of GELU (arXiv 1606.08415) is x · sigmoid(GELU_SCALE · (x + GELU_CUBE · x³)), with
// GELU_SCALE = 2 √(2/π). Past ±16 the sigmoid is 0 or 1 in f32, and the cube stays finite.
#define GELU_SCALE 1.5957691216057308f
#define GELU_CUBE 0.044715f

vec gelu_clamped(vec x) { return clamp(x, -16.0f, 16.0f); }

vec gelu_argument(vec x) { return GELU_SCALE * x * (1.0f + GELU_CUBE * x * x); }

vec sigmoid(vec z) { return 1.0f / (1.0f + exp(-z)); }

/// out = max(x, 0)².
KERNEL void squared_relu(IN(float, x), OUT(float, out), long count) {
  AT(x);
  AT(out);
  EACH_VECTOR(i, count) {
    const vec r = rectified(load_part(x + i, count - i, 0));
    store_part(r * r, out + i, count - i);
  }
}

/// dx = d_out · 2 max(x, 0); may be the place of d_out.
KERNEL void squared_relu_gradient(
    IN(float, d_out), IN(float, x), OUT(float, dx), long count) {
  AT(d_out);
  AT(x);
  AT(dx);
  EACH_VECTOR(i, count) {
    const long n = count - i;
    store_part(load_part(d_out + i, n, 0) * 2.0f * rectified(load_part(x + i, n, 0)), dx + i, n);
  }
}

/// out = GELU(x) in its tanh form.
KERNEL void tanh_gelu(IN(float, x), OUT(float, out), long count) {
  AT(x);
  AT(out);
  EACH_VECTOR(i, count) {
    const vec v = load_part(x + i, count - i, 0);
    store_part(v * sigmoid(gelu_argument(gelu_clamped(v))), out + i, count - i);
  }
}

/// dx = d_out · GELU'(x); may be the place of d_out.
KERNEL void tanh_gelu_gradient(IN(float, d_out), IN(float, x), OUT(float, dx), long count) {
  AT(d_out);
  AT(x);
  AT(dx);
  EACH_VECTOR(i, count) {
    const long n = count - i;
    const vec v = load_part(x + i, n, 0), c = gelu_clamped(v), z = gelu_argument(c);
    const vec s = sigmoid(z), rise = GELU_SCALE * (1.0f + 3.0f * GELU_CUBE * c * c);
    // 1 - s would cancel where s is near 1.
    const vec slope = s + v * s * sigmoid(-z) * rise;
    store_part(load_part(d_out + i, n, 0) * slope, dx + i, n);
  }
}
