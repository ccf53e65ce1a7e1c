// Losses between two models' logits beside the divergence, a chunk of columns at a time; see
// DistillationOperations for the states.

/// student = scale · q · ((s − t) · factor − mean), q being the student's probabilities; `state` is a
/// divergence's whose first model was the student.
static void reverse_divergence_gradient(const float *teacher, float *student, const float *state,
                                        float temperature, float scale, int64_t columns) {
  const float factor = 1 / temperature;
  const float maximum = state[0], share = scale / state[1], mean = state[2] / state[1];
  for (int64_t i = 0; i < columns; i += LANES) {
    const int64_t n = columns - i < LANES ? columns - i : LANES;
    const vec t = load_part(teacher + i, n) * factor, s = load_part(student + i, n) * factor;
    const vec q = vexp(s - maximum) * share;
    // A probability of 0 adds 0, also where both logits are −∞.
    store_part(student + i, blend(q == 0, splat(0), q * (s - t - mean)), n);
  }
}

/// One row's chunk into its state (Σ (s − t)², Σ s·t, Σ s², Σ t²).
static void distance_update(const float *teacher, const float *student, float *state,
                            int64_t columns, int is_first) {
  dvec squares = {}, products = {}, students = {}, teachers = {};
  for (int64_t i = 0; i < columns; i += LANES) {
    const int64_t n = columns - i < LANES ? columns - i : LANES;
    const dvec t = widen(load_part(teacher + i, n)), s = widen(load_part(student + i, n));
    squares += (s - t) * (s - t);
    products += s * t;
    students += s * s;
    teachers += t * t;
  }
  if (is_first) memset(state, 0, 4 * sizeof *state);
  state[0] += (float)sum_wide(squares);
  state[1] += (float)sum_wide(products);
  state[2] += (float)sum_wide(students);
  state[3] += (float)sum_wide(teachers);
}

/// student = a · student + b · teacher.
static void mix_rows(const float *teacher, float *student, float a, float b, int64_t columns) {
  for (int64_t i = 0; i < columns; i += LANES) {
    const int64_t n = columns - i < LANES ? columns - i : LANES;
    store_part(student + i, load_part(student + i, n) * a + load_part(teacher + i, n) * b, n);
  }
}

/// Whether x stands before y in a falling list; a NaN is the largest, equals keep their order.
INLINE int stands_before(float x, float y) { return x > y || (x != x && y == y); }

/// Takes a chunk into the falling list of a row's `kept` largest logits.
static void largest_update(const float *logits, const float *companion, float *values,
                           float *companions, int64_t *ids, int64_t kept, int64_t columns,
                           int64_t first_column, int is_first) {
  if (is_first) {
    for (int64_t i = 0; i < kept; i++) {
      values[i] = companions[i] = -INFINITY;
      ids[i] = -1;
    }
  }
  for (int64_t i = 0; i < columns; i += LANES) {
    const int64_t n = columns - i < LANES ? columns - i : LANES;
    // Nearly every vector holds nothing that enters the list.
    const vec x = load_part(logits + i, n);
    const ivec enters = (x > values[kept - 1]) | vnan(x);
    int32_t any = 0;
    for (int lane = 0; lane < LANES; lane++) any |= enters[lane];
    if (!any) continue;
    for (int64_t column = i; column < i + n; column++) {
      const float logit = logits[column];
      if (!stands_before(logit, values[kept - 1])) continue;
      int64_t place = kept - 1;
      for (; place > 0 && stands_before(logit, values[place - 1]); place--) {
        values[place] = values[place - 1];
        companions[place] = companions[place - 1];
        ids[place] = ids[place - 1];
      }
      values[place] = logit;
      companions[place] = companion[column];
      ids[place] = first_column + column;
    }
  }
}

/// values[i] = the logit of ids[i] where the chunk has it; −∞ at first elsewhere.
static void gather_columns(const float *logits, const int64_t *ids, float *values, int64_t kept,
                           int64_t columns, int64_t first_column, int is_first) {
  for (int64_t i = 0; i < kept; i++) {
    const int64_t place = ids[i] - first_column;
    if (ids[i] >= 0 && place >= 0 && place < columns) values[i] = logits[place];
    else if (is_first) values[i] = -INFINITY;
  }
}

/// Adds scale · values[i] to the logit of ids[i] where the chunk has it.
static void scatter_columns(const float *values, const int64_t *ids, float *logits, float scale,
                            int64_t kept, int64_t columns, int64_t first_column) {
  for (int64_t i = 0; i < kept; i++) {
    const int64_t place = ids[i] - first_column;
    if (ids[i] >= 0 && place >= 0 && place < columns) logits[place] += scale * values[i];
  }
}
