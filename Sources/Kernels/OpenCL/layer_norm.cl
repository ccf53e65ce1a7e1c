// The layer norm (arXiv 1607.06450), a row a group; built together with norm.cl.

/// out = weight · (x − m) · r + bias, with m = Σ x / divisor, v = Σ x² / divisor − m² found from
/// deviations, r = 1 / √(v + ε); `masked` channels of a row are zero and do not count.
KERNEL void layer_norm(
    IN(float, x), IN(float, weight), IN(float, bias), OUT(float, out), OUT(float, mean),
    OUT(float, inverse), long width, float divisor, float masked, float epsilon) {
  __local float shared[GROUP];
  AT(x);
  AT(weight);
  AT(bias);
  AT(out);
  AT(mean);
  AT(inverse);
  x += ROW * width;
  out += ROW * width;
  vec sum = 0, error = 0;
  EACH_OF_ROW(i, width) { add_to(&sum, &error, load_part(x + i, width - i, 0)); }
  const float m = group_sum(sum_lanes(rounded_sum(sum, error)), shared) / divisor;
  sum = 0;
  error = 0;
  EACH_OF_ROW(i, width) {
    const vec v = load_part(x + i, width - i, m) - m;
    add_to(&sum, &error, v * v);
  }
  // Each masked channel has put m² into the sum.
  const float squares = group_sum(sum_lanes(rounded_sum(sum, error)), shared) - masked * m * m;
  const float variance = squares < 0 ? 0 : squares / divisor;
  const float factor = 1.0f / sqrt(variance + epsilon);
  EACH_OF_ROW(i, width) {
    const long n = width - i;
    const vec normed = (load_part(x + i, n, 0) - m) * factor;
    store_part(normed * load_part(weight + i, n, 0) + load_part(bias + i, n, 0), out + i, n);
  }
  if (MEMBER == 0) {
    mean[ROW] = m;
    inverse[ROW] = factor;
  }
}

/// With n = (x − m) · r: dx = r · (weight · d_out − Σ weight · d_out / divisor − n · Σ weight · d_out ·
/// n / divisor).
KERNEL void layer_norm_gradient(
    IN(float, d_out), IN(float, x), IN(float, weight), IN(float, mean), IN(float, inverse),
    OUT(float, dx), long width, float divisor) {
  __local float shared[GROUP];
  AT(d_out);
  AT(x);
  AT(weight);
  AT(mean);
  AT(inverse);
  AT(dx);
  d_out += ROW * width;
  x += ROW * width;
  dx += ROW * width;
  const float m = mean[ROW], r = inverse[ROW];
  vec plain = 0, plain_error = 0, skewed = 0, skewed_error = 0;
  EACH_OF_ROW(i, width) {
    const long n = width - i;
    const vec g = load_part(weight + i, n, 0) * load_part(d_out + i, n, 0);
    add_to(&plain, &plain_error, g);
    add_to(&skewed, &skewed_error, g * ((load_part(x + i, n, 0) - m) * r));
  }
  const float level = group_sum(sum_lanes(rounded_sum(plain, plain_error)), shared) / divisor;
  const float slope = group_sum(sum_lanes(rounded_sum(skewed, skewed_error)), shared) / divisor;
  EACH_OF_ROW(i, width) {
    const long n = width - i;
    const vec g = load_part(weight + i, n, 0) * load_part(d_out + i, n, 0);
    const vec normed = (load_part(x + i, n, 0) - m) * r;
    store_part(r * (g - level - normed * slope), dx + i, n);
  }
}

/// One block of rows' share of the weight's gradient, partial[block] = Σ d_out · (x − m) · r; a
/// work-item has LANES columns of a block. norm_weight_sum adds the shares.
KERNEL void layer_norm_weight_gradient(
    IN(float, d_out), IN(float, x), IN(float, mean), IN(float, inverse), OUT(float, partial),
    long rows, long width, long block, long items) {
  const long item = get_global_id(0);
  if (item >= items) return;
  AT(d_out);
  AT(x);
  AT(mean);
  AT(inverse);
  AT(partial);
  const long units = (width + LANES - 1) / LANES;
  const long first = item % units * LANES, n = width - first;
  const long from = item / units * block, to = min(from + block, rows);
  vec sum = 0;
  for (long row = from; row < to; row++) {
    const long place = row * width + first;
    sum += load_part(d_out + place, n, 0) * ((load_part(x + place, n, 0) - mean[row]) * inverse[row]);
  }
  store_part(sum, partial + item / units * width + first, n);
}
