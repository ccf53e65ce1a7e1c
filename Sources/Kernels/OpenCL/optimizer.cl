// The optimizer's pass over a parameter.

/// One AdamW update: the moments in place, the new parameter over the gradient. `clip` below 0 is
/// none; a NaN norm passes on to the parameter, where it is found.
KERNEL void adam_w(
    IN(float, parameter), OUT(float, gradient), OUT(float, first), OUT(float, second),
    IN(float, squared_norm), float clip, float beta1, float beta2, float epsilon, float decay,
    float rate, float second_correction, long count) {
  AT(parameter);
  AT(gradient);
  AT(first);
  AT(second);
  AT(squared_norm);
  float factor = 1;
  if (clip >= 0) {
    const float ratio = clip / (sqrt(squared_norm[0]) + 1e-6f);
    factor = ratio >= 1 ? 1 : ratio;
  }
  EACH(i, count) {
    const float g = gradient[i] * factor;
    const float m = fma(g, 1 - beta1, first[i] * beta1);
    const float v = fma(g * g, 1 - beta2, second[i] * beta2);
    first[i] = m;
    second[i] = v;
    gradient[i] = parameter[i] * decay - rate * (m / (sqrt(v) / second_correction + epsilon));
  }
}
