// The root-mean-square norm (arXiv 1910.07467), a row a group.

/// out = weight · x / √(Σ x² / divisor + ε), and the reciprocal root.
KERNEL void rms_norm(
    IN(float, x), IN(float, weight), OUT(float, out), OUT(float, inverse), long width,
    float divisor, float epsilon) {
  __local float shared[GROUP];
  AT(x);
  AT(weight);
  AT(out);
  AT(inverse);
  x += ROW * width;
  out += ROW * width;
  vec sum = 0, error = 0;
  EACH_OF_ROW(i, width) {
    const vec v = load_part(x + i, width - i, 0);
    add_to(&sum, &error, v * v);
  }
  const float square = group_sum(sum_lanes(rounded_sum(sum, error)), shared);
  const float factor = 1.0f / sqrt(square / divisor + epsilon);
  EACH_OF_ROW(i, width) {
    const long n = width - i;
    store_part(load_part(weight + i, n, 0) * (load_part(x + i, n, 0) * factor), out + i, n);
  }
  if (MEMBER == 0) inverse[ROW] = factor;
}

/// dx = inverse · (weight · d_out − x · inverse² / divisor · Σ weight · d_out · x).
KERNEL void rms_norm_gradient(
    IN(float, d_out), IN(float, x), IN(float, weight), IN(float, inverse), OUT(float, dx),
    long width, float divisor) {
  __local float shared[GROUP];
  AT(d_out);
  AT(x);
  AT(weight);
  AT(inverse);
  AT(dx);
  d_out += ROW * width;
  x += ROW * width;
  dx += ROW * width;
  vec sum = 0, error = 0;
  EACH_OF_ROW(i, width) {
    const long n = width - i;
    add_to(&sum, &error,
           load_part(weight + i, n, 0) * load_part(d_out + i, n, 0) * load_part(x + i, n, 0));
  }
  const float dot = group_sum(sum_lanes(rounded_sum(sum, error)), shared);
  const float root = inverse[ROW], share = dot * root * root / divisor;
  EACH_OF_ROW(i, width) {
    const long n = width - i;
    const vec direct = load_part(weight + i, n, 0) * load_part(d_out + i, n, 0);
    store_part(root * (direct - load_part(x + i, n, 0) * share), dx + i, n);
  }
}

/// One block of rows' share of the weight's gradient, partial[block] = Σ d_out · x · inverse; a
/// work-item has LANES columns of a block.
KERNEL void rms_norm_weight_gradient(
    IN(float, d_out), IN(float, x), IN(float, inverse), OUT(float, partial), long rows, long width,
    long block, long items) {
  const long item = get_global_id(0);
  if (item >= items) return;
  AT(d_out);
  AT(x);
  AT(inverse);
  AT(partial);
  const long units = (width + LANES - 1) / LANES;
  const long first = item % units * LANES, n = width - first;
  const long from = item / units * block, to = min(from + block, rows);
  vec sum = 0;
  for (long row = from; row < to; row++) {
    const long place = row * width + first;
    sum += load_part(d_out + place, n, 0) * load_part(x + place, n, 0) * inverse[row];
  }
  store_part(sum, partial + item / units * width + first, n);
}

/// target = or += the blocks' shares, in their order; for either norm.
KERNEL void norm_weight_sum(
    IN(float, partial), OUT(float, target), long blocks, long width, int accumulates, long items) {
  const long item = get_global_id(0);
  if (item >= items) return;
  AT(partial);
  AT(target);
  const long first = item * LANES, n = width - first;
  vec sum = 0;
  if (accumulates) sum = load_part(target + first, n, 0);
  for (long block = 0; block < blocks; block++)
    sum += load_part(partial + block * width + first, n, 0);
  store_part(sum, target + first, n);
}
