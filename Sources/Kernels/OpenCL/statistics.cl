// Statistics of activations, for importance scores (arXiv 2407.14679, section 2.2).

/// For each window and unit over the positions: the mean of |x|, the root of Σ x², the variance about
/// the mean, found in a second pass. A work-item has LANES units of a window.
KERNEL void time_moments(
    IN(float, x), OUT(float, absolute_mean), OUT(float, norm), OUT(float, variance), long time,
    long width, long items) {
  const long item = get_global_id(0);
  if (item >= items) return;
  AT(x);
  AT(absolute_mean);
  AT(norm);
  AT(variance);
  const long units = (width + LANES - 1) / LANES;
  const long first = item % units * LANES, n = width - first;
  const long to = item / units * width + first;
  x += item / units * time * width + first;
  vec sum = 0, sum_error = 0, magnitude = 0, magnitude_error = 0, square = 0, square_error = 0;
  for (long t = 0; t < time; t++) {
    const vec v = load_part(x + t * width, n, 0);
    add_to(&sum, &sum_error, v);
    add_to(&magnitude, &magnitude_error, fabs(v));
    add_to(&square, &square_error, v * v);
  }
  const vec mean = rounded_sum(sum, sum_error) / (float)time;
  vec spread = 0, spread_error = 0;
  for (long t = 0; t < time; t++) {
    const vec difference = load_part(x + t * width, n, 0) - mean;
    add_to(&spread, &spread_error, difference * difference);
  }
  store_part(rounded_sum(magnitude, magnitude_error) / (float)time, absolute_mean + to, n);
  store_part(sqrt(rounded_sum(square, square_error)), norm + to, n);
  store_part(rounded_sum(spread, spread_error) / (float)time, variance + to, n);
}

/// Σ x·y over a row.
float row_dot(
    __global const float *x, __global const float *y, long width, __local float *shared) {
  vec sum = 0, error = 0;
  EACH_OF_ROW(i, width) {
    const long n = width - i;
    add_to(&sum, &error, load_part(x + i, n, 0) * load_part(y + i, n, 0));
  }
  return group_sum(sum_lanes(rounded_sum(sum, error)), shared);
}

KERNEL void row_norms(IN(float, x), OUT(float, norms), long width) {
  __local float shared[GROUP];
  AT(x);
  AT(norms);
  x += ROW * width;
  const float square = row_dot(x, x, width, shared);
  if (MEMBER == 0) norms[ROW] = sqrt(square);
}

KERNEL void row_cosines(IN(float, x), IN(float, y), OUT(float, cosines), long width) {
  __local float shared[GROUP];
  AT(x);
  AT(y);
  AT(cosines);
  x += ROW * width;
  y += ROW * width;
  const float lengths = sqrt(row_dot(x, x, width, shared)) * sqrt(row_dot(y, y, width, shared));
  const float dot = row_dot(x, y, width, shared);
  if (MEMBER == 0) cosines[ROW] = lengths == 0 ? 0 : dot / lengths;
}

/// Sets found[0] where an element is NaN or infinite; whoever sees one writes the same.
KERNEL void find_non_finite(IN(float, x), OUT(uchar, found), long count) {
  AT(x);
  AT(found);
  int seen = 0;
  EACH(i, count) seen |= !isfinite(x[i]);
  if (seen) found[0] = 1;
}
