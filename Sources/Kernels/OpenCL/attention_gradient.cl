// The gradients of attention (arXiv 2205.14135, appendix B.4): scores are computed again
// from the log-sum-exp, once by work-items that own queries, once by those that own keys, so that no
// two write to one place and every sum has one order.

/// delta [B, H, T] = Σ_d d_out · out.
KERNEL void attention_delta(
    IN(float, d_out), IN(float, out), OUT(float, delta), int heads, int queries, long count) {
  AT(d_out);
  AT(out);
  AT(delta);
  EACH(item, count) {
    const long t = item % queries, head = item / queries % heads;
    const long batch = item / queries / heads;
    const long place = ((batch * queries + t) * heads + head) * HEAD_DIM;
    float sum = 0;
    for (int d = 0; d < HEAD_DIM; d++) sum += d_out[place + d] * out[place + d];
    delta[item] = sum;
  }
}

/// dq; lane l of a work-item is query first + l of one head.
KERNEL void attention_gradient_queries(
    IN(float, d_out), IN(float, q), IN(float, k), IN(float, v), IN(float, log_sum),
    IN(float, delta), OUT(float, dq), int heads, int kv_heads, int queries, int keys, int capacity,
    int window, float scale, long items) {
  const long item = get_global_id(0);
  if (item >= items) return;
  AT(d_out);
  AT(q);
  AT(k);
  AT(v);
  AT(log_sum);
  AT(delta);
  AT(dq);
  const int blocks = (queries + LANES - 1) / LANES;
  const int first = item % blocks * LANES, lanes = min(LANES, queries - first);
  const int head = item / blocks % heads;
  const long batch = item / blocks / heads;
  const long row = ((batch * queries + first) * heads + head) * HEAD_DIM;
  const long entry = (batch * heads + head) * queries + first;
  const long apart = (long)heads * HEAD_DIM, stride = (long)kv_heads * HEAD_DIM;
  k += batch * capacity * stride + head / (heads / kv_heads) * HEAD_DIM;
  v += batch * capacity * stride + head / (heads / kv_heads) * HEAD_DIM;

  vec query[HEAD_DIM], upstream[HEAD_DIM], total[HEAD_DIM];
  load_lanes(query, q + row, apart, lanes);
  load_lanes(upstream, d_out + row, apart, lanes);
  EACH_DIM total[d] = 0;
  const vec logs = load_part(log_sum + entry, lanes, 0);
  const vec deltas = load_part(delta + entry, lanes, 0);
  const int begin = keys - queries + first, end = begin + lanes;
  const ivec position = begin + LANE_NUMBERS;
  for (int j = max(0, begin - window + 1); j < end; j += KEYS) {
    long at[KEYS];
    EACH_KEY at[n] = min(j + n, end - 1) * stride;
    vec score[KEYS], slope[KEYS];
    EACH_KEY {
      score[n] = 0;
      slope[n] = 0;
    }
    EACH_DIM {
      const vec x = query[d], y = upstream[d];
      EACH_KEY {
        score[n] += x * k[at[n] + d];
        slope[n] += y * v[at[n] + d];
      }
    }
    EACH_KEY {
      const ivec seen = sees(position, j + n, j + n < end ? window : 0);
      const vec weight = select((vec)(0), exp(score[n] * scale - logs), seen);
      score[n] = weight * (slope[n] - deltas) * scale;
    }
    EACH_DIM {
      vec sum = total[d];
      EACH_KEY sum += score[n] * k[at[n] + d];
      total[d] = sum;
    }
  }
  store_lanes(total, 1, dq + row, apart, lanes);
}

/// dk and dv; lane l of a work-item is key first + l of one key-value head, and sums over the queries
/// that see it, head by head.
KERNEL void attention_gradient_keys(
    IN(float, d_out), IN(float, q), IN(float, k), IN(float, v), IN(float, log_sum),
    IN(float, delta), OUT(float, dk), OUT(float, dv), int heads, int kv_heads,
    int queries, int keys, int capacity, int window, float scale, long items) {
  const long item = get_global_id(0);
  if (item >= items) return;
  AT(d_out);
  AT(q);
  AT(k);
  AT(v);
  AT(log_sum);
  AT(delta);
  AT(dk);
  AT(dv);
  const int blocks = (keys + LANES - 1) / LANES, share = heads / kv_heads;
  const int first = item % blocks * LANES, lanes = min(LANES, keys - first);
  const int kv_head = item / blocks % kv_heads;
  const long batch = item / blocks / kv_heads;
  const long apart = (long)kv_heads * HEAD_DIM, stride = (long)heads * HEAD_DIM;
  const long row = (batch * capacity + first) * apart + kv_head * HEAD_DIM;

  vec key[HEAD_DIM], value[HEAD_DIM], key_total[HEAD_DIM], value_total[HEAD_DIM];
  load_lanes(key, k + row, apart, lanes);
  load_lanes(value, v + row, apart, lanes);
  EACH_DIM {
    key_total[d] = 0;
    value_total[d] = 0;
  }
  // Places of keys counted from the first query's, and the queries that see any of the block.
  const int origin = first - (keys - queries);
  const ivec place = origin + LANE_NUMBERS;
  const int begin = max(0, origin), end = min((long)queries, (long)origin + lanes - 1 + window);
  for (int head = kv_head * share; head < (kv_head + 1) * share; head++) {
    const long rows = batch * queries * stride + head * HEAD_DIM;
    const long entries = (batch * heads + head) * queries;
    for (int t = begin; t < end; t += KEYS) {
      long at[KEYS];
      EACH_KEY at[n] = rows + min(t + n, end - 1) * stride;
      vec score[KEYS], slope[KEYS];
      EACH_KEY {
        score[n] = 0;
        slope[n] = 0;
      }
      EACH_DIM {
        const vec x = key[d], y = value[d];
        EACH_KEY {
          score[n] += x * q[at[n] + d];
          slope[n] += y * d_out[at[n] + d];
        }
      }
      EACH_KEY {
        const int query = min(t + n, end - 1);
        const ivec seen =
            (place <= query) & (place > query - window) & (t + n < end ? (ivec)(-1) : (ivec)(0));
        const vec weight =
            select((vec)(0), exp(score[n] * scale - log_sum[entries + query]), seen);
        score[n] = weight;
        slope[n] = weight * (slope[n] - delta[entries + query]) * scale;
      }
      EACH_DIM {
        vec key_sum = key_total[d], value_sum = value_total[d];
        EACH_KEY {
          key_sum += slope[n] * q[at[n] + d];
          value_sum += score[n] * d_out[at[n] + d];
        }
        key_total[d] = key_sum;
        value_total[d] = value_sum;
      }
    }
  }
  store_lanes(key_total, 1, dk + row, apart, lanes);
  store_lanes(value_total, 1, dv + row, apart, lanes);
}
