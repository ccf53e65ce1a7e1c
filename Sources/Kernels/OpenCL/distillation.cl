// Losses between two models' logits beside the divergence, a chunk of columns at a time and a row a
// group; see DistillationOperations for the states.

/// student = scale · upstream · factor · q · ((s − t) · factor − mean), q the student's probabilities.
KERNEL void reverse_divergence_gradient(
    IN(float, teacher), OUT(float, student), IN(float, state), IN(float, upstream), float factor,
    float scale, long columns) {
  AT(teacher);
  AT(student);
  AT(state);
  AT(upstream);
  teacher += ROW * columns;
  student += ROW * columns;
  state += ROW * 5;
  const float share = scale * upstream[0] * factor / state[1];
  const float maximum = state[0], mean = state[2] / state[1];
  EACH_OF_ROW(i, columns) {
    const long n = columns - i;
    const vec t = load_part(teacher + i, n, 0) * factor;
    const vec s = load_part(student + i, n, 0) * factor;
    const vec q = exp(s - maximum) * share;
    // A probability of 0 adds 0, also where both logits are −∞.
    store_part(select(q * (s - t - mean), (vec)(0), q == 0), student + i, n);
  }
}

/// What is added to a sum of a row's state: a vector sum over the whole group.
float row_total(vec sum, vec error, __local float *shared) {
  return group_sum(sum_lanes(rounded_sum(sum, error)), shared);
}

KERNEL void distance_update(
    IN(float, teacher), IN(float, student), OUT(float, state), long columns, int is_first) {
  __local float shared[GROUP];
  AT(teacher);
  AT(student);
  AT(state);
  teacher += ROW * columns;
  student += ROW * columns;
  state += ROW * 4;
  vec sums[4], errors[4];
  for (int k = 0; k < 4; k++) sums[k] = errors[k] = 0;
  EACH_OF_ROW(i, columns) {
    const long n = columns - i;
    const vec t = load_part(teacher + i, n, 0), s = load_part(student + i, n, 0);
    add_to(&sums[0], &errors[0], (s - t) * (s - t));
    add_to(&sums[1], &errors[1], s * t);
    add_to(&sums[2], &errors[2], s * s);
    add_to(&sums[3], &errors[3], t * t);
  }
  for (int k = 0; k < 4; k++) {
    const float total = row_total(sums[k], errors[k], shared);
    if (MEMBER == 0) state[k] = is_first ? total : state[k] + total;
  }
}

/// student = upstream · (a · student + b · teacher) by the row's coefficients.
KERNEL void mix_rows(
    IN(float, teacher), OUT(float, student), IN(float, coefficients), IN(float, upstream),
    long columns) {
  AT(teacher);
  AT(student);
  AT(coefficients);
  AT(upstream);
  teacher += ROW * columns;
  student += ROW * columns;
  coefficients += ROW * 2;
  const float a = upstream[0] * coefficients[0], b = upstream[0] * coefficients[1];
  EACH_OF_ROW(i, columns) {
    const long n = columns - i;
    store_part(
        load_part(student + i, n, 0) * a + load_part(teacher + i, n, 0) * b, student + i, n);
  }
}

/// Whether x stands before y in a falling list; a NaN is the largest, equals keep their order.
int stands_before(float x, float y) { return x > y || (x != x && y == y); }

/// The group looks at GROUP columns at once; what enters the list is rare, and one member's work.
KERNEL void largest_update(
    IN(float, logits), IN(float, companion), OUT(float, values), OUT(float, companions),
    OUT(long, ids), long kept, long columns, long first_column, int is_first) {
  __local float last;
  __local int enters[GROUP];
  AT(logits);
  AT(companion);
  AT(values);
  AT(companions);
  AT(ids);
  logits += ROW * columns;
  companion += ROW * columns;
  values += ROW * kept;
  companions += ROW * kept;
  ids += ROW * kept;
  const int member = MEMBER;
  if (member == 0) {
    for (long i = 0; is_first && i < kept; i++) {
      values[i] = companions[i] = -INFINITY;
      ids[i] = -1;
    }
    last = values[kept - 1];
  }
  for (long start = 0; start < columns; start += GROUP) {
    barrier(CLK_LOCAL_MEM_FENCE);
    const long mine = start + member;
    enters[member] = mine < columns && stands_before(logits[mine], last);
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int other = 0; member == 0 && other < GROUP; other++) {
      const long column = start + other;
      if (!enters[other] || !stands_before(logits[column], values[kept - 1])) continue;
      const float logit = logits[column];
      long place = kept - 1;
      for (; place > 0 && stands_before(logit, values[place - 1]); place--) {
        values[place] = values[place - 1];
        companions[place] = companions[place - 1];
        ids[place] = ids[place - 1];
      }
      values[place] = logit;
      companions[place] = companion[column];
      ids[place] = first_column + column;
      last = values[kept - 1];
    }
  }
}

KERNEL void gather_columns(
    IN(float, logits), IN(long, ids), OUT(float, values), long kept, long columns,
    long first_column, int is_first) {
  AT(logits);
  AT(ids);
  AT(values);
  logits += ROW * columns;
  for (long i = MEMBER; i < kept; i += GROUP) {
    const long id = ids[ROW * kept + i], place = id - first_column;
    if (id >= 0 && place >= 0 && place < columns) values[ROW * kept + i] = logits[place];
    else if (is_first) values[ROW * kept + i] = -INFINITY;
  }
}

KERNEL void scatter_columns(
    IN(float, values), IN(long, ids), IN(float, upstream), OUT(float, logits), long kept,
    long columns, long first_column) {
  AT(values);
  AT(ids);
  AT(upstream);
  AT(logits);
  logits += ROW * columns;
  for (long i = MEMBER; i < kept; i += GROUP) {
    const long id = ids[ROW * kept + i], place = id - first_column;
    if (id >= 0 && place >= 0 && place < columns)
      logits[place] += upstream[0] * values[ROW * kept + i];
  }
}
