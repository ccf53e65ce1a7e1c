// What rows of logits and scores have in common.

/// The largest of factor · x over a row; NaN where there is one, −∞ for none.
float row_largest(__global const float *x, long count, float factor, __local float *shared) {
  vec best = -INFINITY;
  EACH_OF_ROW(i, count) {
    best = larger_lanes(best, load_part(x + i, count - i, -INFINITY) * factor);
  }
  return group_largest(largest_lane(best), shared);
}

/// Σ exp(factor · x − largest) over a row.
float row_exponentials(
    __global const float *x, long count, float factor, float largest, __local float *shared) {
  vec sum = 0, error = 0;
  EACH_OF_ROW(i, count) {
    add_to(&sum, &error, exp(load_part(x + i, count - i, -INFINITY) * factor - largest));
  }
  return group_sum(sum_lanes(rounded_sum(sum, error)), shared);
}
