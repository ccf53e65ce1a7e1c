// Causal grouped-query attention without a [time, time] matrix (after arXiv 2205.14135). B = batch,
// T = queries, S = keys, H = heads, G = key-value heads, D = HEAD_DIM. Lane l of a work-item is query
// first + l of one head; it walks over the keys that any of its lanes sees, KEYS at a time, with the
// maximum and the sum of the weights so far.

#define KEYS 8

#if LANES == 1
#define LANE_NUMBERS 0
// Unrolled, a card can keep a query and its sums in registers where it has so many.
#if HEAD_DIM <= 128
#define EACH_DIM _Pragma("unroll") for (int d = 0; d < HEAD_DIM; d++)
#endif
#elif LANES == 4
#define LANE_NUMBERS (int4)(0, 1, 2, 3)
#elif LANES == 8
#define LANE_NUMBERS (int8)(0, 1, 2, 3, 4, 5, 6, 7)
#else
#define LANE_NUMBERS (int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#endif
#ifndef EACH_DIM
#define EACH_DIM for (int d = 0; d < HEAD_DIM; d++)
#endif
#define EACH_KEY _Pragma("unroll") for (int n = 0; n < KEYS; n++)

/// rows[d] = element d of `lanes` vectors that lie `stride` apart, 0 in the lanes past them.
void load_lanes(vec *rows, __global const float *p, long stride, int lanes) {
  for (int d = 0; d < HEAD_DIM; d++) {
    float parts[LANES];
    for (int lane = 0; lane < LANES; lane++) parts[lane] = lane < lanes ? p[lane * stride + d] : 0;
    rows[d] = load(parts);
  }
}

void store_lanes(const vec *rows, vec factor, __global float *p, long stride, int lanes) {
  for (int d = 0; d < HEAD_DIM; d++) {
    float parts[LANES];
    store(rows[d] * factor, parts);
    for (int lane = 0; lane < lanes; lane++) p[lane * stride + d] = parts[lane];
  }
}

/// Whether key `key` is seen from `position`, by lane.
ivec sees(ivec position, int key, int window) {
  return (key <= position) & (key > position - window);
}

KERNEL void attention(
    IN(float, q), IN(float, k), IN(float, v), OUT(float, out), OUT(float, log_sum),
    int keeps_log_sum, int heads, int kv_heads, int queries, int keys, int capacity, int window,
    float scale, long items) {
  const long item = get_global_id(0);
  if (item >= items) return;
  AT(q);
  AT(k);
  AT(v);
  AT(out);
  AT(log_sum);
  const int blocks = (queries + LANES - 1) / LANES;
  const int first = item % blocks * LANES, lanes = min(LANES, queries - first);
  const int head = item / blocks % heads;
  const long batch = item / blocks / heads;
  const long row = (batch * queries + first) * heads + head;
  const long stride = (long)kv_heads * HEAD_DIM;
  k += batch * capacity * stride + head / (heads / kv_heads) * HEAD_DIM;
  v += batch * capacity * stride + head / (heads / kv_heads) * HEAD_DIM;

  vec query[HEAD_DIM], total[HEAD_DIM];
  load_lanes(query, q + row * HEAD_DIM, (long)heads * HEAD_DIM, lanes);
  EACH_DIM {
    query[d] *= scale;
    total[d] = 0;
  }
  vec most = -INFINITY, weights = 0;
  const int begin = keys - queries + first, end = min(keys, begin + lanes);
  const ivec position = begin + LANE_NUMBERS;
  for (int j = max(0, begin - window + 1); j < end; j += KEYS) {
    // Past the end the last key is read again, and hidden.
    long at[KEYS];
    EACH_KEY at[n] = min(j + n, end - 1) * stride;
    vec score[KEYS];
    EACH_KEY score[n] = 0;
    EACH_DIM {
      const vec x = query[d];
      EACH_KEY score[n] += x * k[at[n] + d];
    }
    if (j + KEYS > begin + 1 || j <= begin + lanes - 1 - window) {
      EACH_KEY {
        const ivec seen = sees(position, j + n, j + n < end ? window : 0);
        score[n] = select((vec)(-INFINITY), score[n], seen);
      }
    }
    vec next = most;
    EACH_KEY next = fmax(next, score[n]);
    // Nothing seen yet: any number serves in place of −∞.
    const vec centre = select(next, (vec)(0), next == -INFINITY);
    const vec kept = exp(most - centre);
    most = next;
    weights *= kept;
    EACH_KEY {
      score[n] = exp(score[n] - centre);
      weights += score[n];
    }
    EACH_DIM {
      vec sum = total[d] * kept;
      EACH_KEY sum += score[n] * v[at[n] + d];
      total[d] = sum;
    }
  }
  store_lanes(total, 1.0f / weights, out + row * HEAD_DIM, (long)heads * HEAD_DIM, lanes);
  if (keeps_log_sum)
    store_part(most + log(weights), log_sum + (batch * heads + head) * queries + first, lanes);
}
