// Losses over a vocabulary, a chunk of columns at a time; see VocabularyOperations for the states.

/// What a sum of exponentials about `before` is worth about the larger maximum `after`.
INLINE float rescale(float before, float after) {
  return before == after ? 1 : before == -INFINITY ? 0 : expf(before - after);
}

/// One row's chunk into its state (maximum, Σ exp, the target's logit).
static void cross_entropy_update(const float *logits, int64_t target, float *state, int64_t columns,
                                 int64_t first_column, int is_first) {
  if (is_first) {
    state[0] = -INFINITY;
    state[1] = 0;
    state[2] = 0;
  }
  const float largest = extreme_row_f32(logits, columns, 1);
  const float maximum = maximum_f32(state[0], largest);
  // Logits of −∞ alone add nothing; NaN and +∞ make the loss NaN, as they should.
  if (maximum != -INFINITY)
    state[1] = state[1] * rescale(state[0], maximum) + (float)sum_exp(logits, columns, 1, maximum);
  state[0] = maximum;
  const int64_t place = target - first_column;
  if (target >= 0 && place >= 0 && place < columns) state[2] = logits[place];
}

/// log Σ exp − the target's logit of a finished state.
static float cross_entropy_loss(const float *state) {
  return (float)((double)state[0] - state[2] + log(state[1]));
}

/// logits = scale · (softmax − one-hot of the target); 0 for a negative target.
static void cross_entropy_gradient(float *logits, int64_t target, const float *state, float scale,
                                   int64_t columns, int64_t first_column) {
  if (target < 0) {
    memset(logits, 0, (size_t)columns * sizeof *logits);
    return;
  }
  const float factor = scale / state[1];
  const float maximum = state[0];
  int64_t i = 0;
  for (; i + LANES <= columns; i += LANES)
    store(logits + i, vexp(load(logits + i) - maximum) * factor);
  if (i < columns) {
    const int64_t n = columns - i;
    store_part(logits + i, vexp(load_part(logits + i, n) - maximum) * factor, n);
  }
  const int64_t place = target - first_column;
  if (place >= 0 && place < columns) logits[place] -= scale;
}

INLINE vec divergence_term(vec t, vec s, vec p) {
  // A probability of 0 adds 0, also where both logits are −∞.
  return blend(p == 0, splat(0), p * (t - s));
}

/// Σ exp(t − maximum), and Σ exp(t − maximum)·(t − s), with both logits multiplied by `factor`.
static void divergence_sums(const float *teacher, const float *student, int64_t count, float factor,
                            float maximum, double *weights, double *differences) {
  dvec weight = {}, difference = {};
  int64_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    const vec t = load(teacher + i) * factor, u = load(teacher + i + LANES) * factor;
    const vec p = vexp(t - maximum), q = vexp(u - maximum);
    weight += widen(p + q);
    difference += widen(divergence_term(t, load(student + i) * factor, p) +
                        divergence_term(u, load(student + i + LANES) * factor, q));
  }
  *weights = sum_wide(weight);
  *differences = sum_wide(difference);
  for (; i < count; i += LANES) {
    const int64_t n = count - i < LANES ? count - i : LANES;
    const vec t = load_part(teacher + i, n) * factor;
    const vec p = vexp(t - maximum);
    const vec term = divergence_term(t, load_part(student + i, n) * factor, p);
    for (int64_t k = 0; k < n; k++) {
      *weights += p[k];
      *differences += term[k];
    }
  }
}

/// One row's chunk into its state (teacher's maximum, Σ exp, Σ exp·(t − s); student's maximum, Σ exp).
static void divergence_update(const float *teacher, const float *student, float *state,
                              float temperature, int64_t columns, int is_first) {
  if (is_first) {
    state[0] = state[3] = -INFINITY;
    state[1] = state[2] = state[4] = 0;
  }
  const float factor = 1 / temperature;
  const float t = maximum_f32(state[0], extreme_row_f32(teacher, columns, 1) * factor);
  const float s = maximum_f32(state[3], extreme_row_f32(student, columns, 1) * factor);
  if (t != -INFINITY) {
    const float kept = rescale(state[0], t);
    double weights, differences;
    divergence_sums(teacher, student, columns, factor, t, &weights, &differences);
    state[1] = state[1] * kept + (float)weights;
    state[2] = state[2] * kept + (float)differences;
  }
  if (s != -INFINITY)
    state[4] = state[4] * rescale(state[3], s) + (float)sum_exp(student, columns, factor, s);
  state[0] = t;
  state[3] = s;
}

/// KL(teacher ‖ student) of a finished state, in f64: its terms are far larger than their sum.
static float divergence_loss(const float *state) {
  const double teacher = (double)state[0] + log(state[1]);
  const double student = (double)state[3] + log(state[4]);
  return (float)((double)state[2] / state[1] - teacher + student);
}

/// student = scale · (the student's − the teacher's probabilities).
static void divergence_gradient(const float *teacher, float *student, const float *state,
                                float temperature, float scale, int64_t columns) {
  const float factor = 1 / temperature;
  const float t_maximum = state[0], s_maximum = state[3];
  const float t_factor = scale / state[1], s_factor = scale / state[4];
  for (int64_t i = 0; i < columns; i += LANES) {
    const int64_t n = columns - i < LANES ? columns - i : LANES;
    const vec t = n == LANES ? load(teacher + i) : load_part(teacher + i, n);
    const vec s = n == LANES ? load(student + i) : load_part(student + i, n);
    const vec gradient =
        vexp(s * factor - s_maximum) * s_factor - vexp(t * factor - t_maximum) * t_factor;
    if (n == LANES) store(student + i, gradient);
    else store_part(student + i, gradient, n);
  }
}

/// The largest logit of a chunk and the lowest place of it; a NaN is the largest.
static int64_t argmax(const float *logits, int64_t columns, float *largest) {
  const float maximum = extreme_row_f32(logits, columns, 1);
  *largest = maximum;
  for (int64_t i = 0; i < columns; i++)
    if (logits[i] == maximum || logits[i] != logits[i]) return i;
  return 0;
}
