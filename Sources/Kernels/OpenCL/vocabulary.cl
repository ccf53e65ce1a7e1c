// Losses over a vocabulary, a chunk of columns at a time and a row a group; see VocabularyOperations
// for the states.

/// What a sum of exponentials about `before` is worth about the larger maximum `after`.
float rescale(float before, float after) {
  return before == after ? 1 : before == -INFINITY ? 0 : exp(before - after);
}

KERNEL void cross_entropy_update(
    IN(float, logits), IN(long, targets), OUT(float, state), long columns, long first_column,
    int is_first) {
  __local float shared[GROUP];
  AT(logits);
  AT(targets);
  AT(state);
  logits += ROW * columns;
  state += ROW * 3;
  const float before = is_first ? -INFINITY : state[0];
  float sum = is_first ? 0 : state[1];
  const float maximum = larger(before, row_largest(logits, columns, 1, shared));
  // Logits of −∞ alone add nothing; NaN and +∞ make the loss NaN, as they should.
  if (maximum != -INFINITY)
    sum = sum * rescale(before, maximum) + row_exponentials(logits, columns, 1, maximum, shared);
  if (MEMBER != 0) return;
  state[0] = maximum;
  state[1] = sum;
  const long place = targets[ROW] - first_column;
  const int is_here = targets[ROW] >= 0 && place >= 0 && place < columns;
  if (is_here || is_first) state[2] = is_here ? logits[place] : 0;
}

KERNEL void cross_entropy_losses(
    IN(float, state), IN(long, targets), OUT(float, losses), long count) {
  AT(state);
  AT(targets);
  AT(losses);
  EACH(row, count) {
    const float maximum = state[row * 3], sum = state[row * 3 + 1], logit = state[row * 3 + 2];
    losses[row] = targets[row] < 0 ? 0 : maximum - logit + log(sum);
  }
}

/// logits = scale · upstream · (softmax − one-hot of the target); 0 for a negative target.
KERNEL void cross_entropy_gradient(
    OUT(float, logits), IN(long, targets), IN(float, state), IN(float, upstream), float scale,
    long columns, long first_column) {
  AT(logits);
  AT(targets);
  AT(state);
  AT(upstream);
  logits += ROW * columns;
  const long target = targets[ROW], place = target - first_column;
  const float whole = scale * upstream[0];
  const float maximum = state[ROW * 3], factor = whole / state[ROW * 3 + 1];
  EACH_OF_ROW(i, columns) {
    const long n = columns - i;
    vec gradient = 0;
    if (target >= 0) gradient = exp(load_part(logits + i, n, 0) - maximum) * factor;
    store_part(gradient, logits + i, n);
    // Whoever wrote the target's column takes the one-hot off.
    if (target >= 0 && place >= i && place < i + LANES && place < columns) logits[place] -= whole;
  }
}

KERNEL void divergence_update(
    IN(float, teacher), IN(float, student), OUT(float, state), float factor, long columns,
    int is_first) {
  __local float shared[GROUP];
  AT(teacher);
  AT(student);
  AT(state);
  teacher += ROW * columns;
  student += ROW * columns;
  state += ROW * 5;
  const float t_before = is_first ? -INFINITY : state[0];
  const float s_before = is_first ? -INFINITY : state[3];
  const float t = larger(t_before, row_largest(teacher, columns, factor, shared));
  const float s = larger(s_before, row_largest(student, columns, factor, shared));
  float weights = is_first ? 0 : state[1], differences = is_first ? 0 : state[2];
  float exponentials = is_first ? 0 : state[4];
  if (t != -INFINITY) {
    vec weight = 0, weight_error = 0, difference = 0, difference_error = 0;
    EACH_OF_ROW(i, columns) {
      const long n = columns - i;
      const vec x = load_part(teacher + i, n, -INFINITY) * factor;
      const vec y = load_part(student + i, n, 0) * factor;
      const vec p = exp(x - t);
      add_to(&weight, &weight_error, p);
      // A probability of 0 adds 0, also where both logits are −∞.
      add_to(&difference, &difference_error, select(p * (x - y), (vec)(0), p == 0));
    }
    const float kept = rescale(t_before, t);
    weights = weights * kept + group_sum(sum_lanes(rounded_sum(weight, weight_error)), shared);
    differences = differences * kept
        + group_sum(sum_lanes(rounded_sum(difference, difference_error)), shared);
  }
  if (s != -INFINITY)
    exponentials = exponentials * rescale(s_before, s)
        + row_exponentials(student, columns, factor, s, shared);
  if (MEMBER != 0) return;
  state[0] = t;
  state[1] = weights;
  state[2] = differences;
  state[3] = s;
  state[4] = exponentials;
}

/// Terms of like size meet first, so that the small loss of two close models keeps its digits.
KERNEL void divergence_losses(IN(float, state), OUT(float, losses), long count) {
  AT(state);
  AT(losses);
  EACH(row, count) {
    __global const float *s = state + row * 5;
    losses[row] = s[2] / s[1] + (s[3] - s[0]) + log(s[4] / s[1]);
  }
}

/// student = scale · upstream · factor · (the student's − the teacher's probabilities).
KERNEL void divergence_gradient(
    IN(float, teacher), OUT(float, student), IN(float, state), IN(float, upstream), float factor,
    float scale, long columns) {
  AT(teacher);
  AT(student);
  AT(state);
  AT(upstream);
  teacher += ROW * columns;
  student += ROW * columns;
  state += ROW * 5;
  const float whole = scale * upstream[0] * factor;
  const float t = state[0], s = state[3], t_share = whole / state[1], s_share = whole / state[4];
  EACH_OF_ROW(i, columns) {
    const long n = columns - i;
    const vec theirs = exp(load_part(teacher + i, n, 0) * factor - t) * t_share;
    store_part(exp(load_part(student + i, n, 0) * factor - s) * s_share - theirs, student + i, n);
  }
}

/// Keeps the largest logit of each row and the lowest id that has it; a NaN is the largest.
KERNEL void argmax_update(
    IN(float, logits), OUT(float, largest), OUT(long, ids), long columns, long first_column,
    int is_first) {
  __local float shared[GROUP];
  __local long places[GROUP];
  AT(logits);
  AT(largest);
  AT(ids);
  logits += ROW * columns;
  const float best = row_largest(logits, columns, 1, shared);
  const int member = get_local_id(0);
  long place = columns;
  for (long i = member; i < columns && place == columns; i += GROUP)
    if (logits[i] == best || logits[i] != logits[i]) place = i;
  places[member] = place;
  for (int reach = GROUP / 2; reach > 0; reach /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (member < reach) places[member] = min(places[member], places[member + reach]);
  }
  if (member != 0) return;
  const float before = largest[ROW];
  if (is_first || best > before || (best != best && before == before)) {
    largest[ROW] = best;
    ids[ROW] = first_column + places[0];
  }
}
