// Softmax and the log of a sum of exponentials, a row a group.

KERNEL void softmax(IN(float, x), OUT(float, out), long width) {
  __local float shared[GROUP];
  AT(x);
  AT(out);
  x += ROW * width;
  out += ROW * width;
  const float largest = row_largest(x, width, 1, shared);
  const float share = 1.0f / row_exponentials(x, width, 1, largest, shared);
  EACH_OF_ROW(i, width) {
    const long n = width - i;
    store_part(exp(load_part(x + i, n, 0) - largest) * share, out + i, n);
  }
}

/// target[row] = log Σ exp; the largest itself where that is infinite or NaN.
KERNEL void log_sum_exp(IN(float, x), OUT(float, target), long width) {
  __local float shared[GROUP];
  AT(x);
  AT(target);
  x += ROW * width;
  const float largest = row_largest(x, width, 1, shared);
  const float sum = row_exponentials(x, width, 1, largest, shared);
  if (MEMBER == 0) target[ROW] = largest - largest != 0 ? largest : largest + log(sum);
}
