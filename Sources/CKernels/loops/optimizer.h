// The optimizer's passes over parameters.

/// Σ x², in f64.
static double sum_of_squares(const float *x, int64_t count) {
  dvec a = {}, b = {};
  int64_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    const dvec u = widen(load(x + i)), v = widen(load(x + i + LANES));
    a += u * u;
    b += v * v;
  }
  double total = sum_wide(a + b);
  for (; i < count; i++) total += (double)x[i] * x[i];
  return total;
}

INLINE void adam_w_vector(const pare_adam_w *step, vec gradient, vec *p, vec *m, vec *v) {
  const vec g = gradient * step->gradient_scale;
  *m = vfma(g, splat(1 - step->beta1), *m * step->beta1);
  *v = vfma(g * g, splat(1 - step->beta2), *v * step->beta2);
  const vec denominator = vsqrt(*v) / step->second_correction + step->epsilon;
  *p = *p * step->decay - step->rate * (*m / denominator);
}

/// One AdamW update, over the gradient; see AdamWStep.
static void adam_w(const pare_adam_w *step, const float *parameter, float *gradient, float *first,
                   float *second, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vec p = load(parameter + i), m = load(first + i), v = load(second + i);
    adam_w_vector(step, load(gradient + i), &p, &m, &v);
    store(gradient + i, p);
    store(first + i, m);
    store(second + i, v);
  }
  if (i < count) {
    const int64_t n = count - i;
    vec p = load_part(parameter + i, n), m = load_part(first + i, n), v = load_part(second + i, n);
    adam_w_vector(step, load_part(gradient + i, n), &p, &m, &v);
    store_part(gradient + i, p, n);
    store_part(first + i, m, n);
    store_part(second + i, v, n);
  }
}
