// Reductions of x [outer, count, inner] along the middle axis, by chunks of it: a launch leaves
// [outer, chunks, inner], which the next one reduces.

#define CHUNK_OF_ROW \
  AT(x); \
  AT(target); \
  const long begin = ROW % chunks * chunk, length = min(chunk, count - begin); \
  x += ROW / chunks * count + begin;

/// *sum + x, its rounding added to *error.
void add_one(float *sum, float *error, float x) {
  const float total = *sum + x;
  const float part = total - *sum;
  *error += (*sum - (total - part)) + (x - part);
  *sum = total;
}

/// The sum over all lanes of a group, whose roundings are carried to the end; `shared` has room for
/// two numbers a member.
float group_total(vec sum, vec error, __local float *shared) {
  float sums[LANES];
  store(sum, sums);
  float total = sums[0], rest = sum_lanes(error);
  for (int lane = 1; lane < LANES; lane++) add_one(&total, &rest, sums[lane]);
#if GROUP > 1
  const int member = get_local_id(0);
  shared[member] = total;
  shared[GROUP + member] = rest;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int reach = GROUP / 2; reach > 0; reach /= 2) {
    if (member < reach) {
      rest += shared[GROUP + member + reach];
      add_one(&total, &rest, shared[member + reach]);
      shared[member] = total;
      shared[GROUP + member] = rest;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
#endif
  return isfinite(total) ? total + rest : total;
}

// Rows of neighbours (inner 1), each chunk by a group.
KERNEL void sum_rows(IN(float, x), OUT(float, target), long count, long chunk, long chunks) {
  __local float shared[2 * GROUP];
  CHUNK_OF_ROW
  vec sum = 0, error = 0;
  EACH_OF_ROW(i, length) add_to(&sum, &error, load_part(x + i, length - i, 0));
  const float result = group_total(sum, error, shared);
  if (MEMBER == 0) target[ROW] = result;
}

KERNEL void square_rows(IN(float, x), OUT(float, target), long count, long chunk, long chunks) {
  __local float shared[2 * GROUP];
  CHUNK_OF_ROW
  vec sum = 0, error = 0;
  EACH_OF_ROW(i, length) {
    const vec v = load_part(x + i, length - i, 0);
    add_to(&sum, &error, v * v);
  }
  const float result = group_total(sum, error, shared);
  if (MEMBER == 0) target[ROW] = result;
}

KERNEL void maximum_rows(IN(float, x), OUT(float, target), long count, long chunk, long chunks) {
  __local float shared[GROUP];
  CHUNK_OF_ROW
  const float result = row_largest(x, length, 1, shared);
  if (MEMBER == 0) target[ROW] = result;
}

KERNEL void minimum_rows(IN(float, x), OUT(float, target), long count, long chunk, long chunks) {
  __local float shared[GROUP];
  CHUNK_OF_ROW
  vec best = INFINITY;
  EACH_OF_ROW(i, length) {
    best = smaller_lanes(best, load_part(x + i, length - i, INFINITY));
  }
  const float result = group_smallest(smallest_lane(best), shared);
  if (MEMBER == 0) target[ROW] = result;
}

// Columns, LANES of f32 or one of another type a work-item.
#define COLUMNS(NAME, TYPE, VALUES, WIDTH, START, LOAD, STORE, STEP, RESULT) \
  KERNEL void NAME( \
      IN(TYPE, x), OUT(TYPE, target), long count, long inner, long chunk, long chunks, \
      long items) { \
    const long item = get_global_id(0); \
    if (item >= items) return; \
    AT(x); \
    AT(target); \
    const long units = (inner + WIDTH - 1) / WIDTH, slice = item / units; \
    const long first = item % units * WIDTH, n = inner - first; \
    const long begin = slice % chunks * chunk, rows = min(chunk, count - begin); \
    x += (slice / chunks * count + begin) * inner + first; \
    target += slice * inner + first; \
    VALUES total = START, error = 0; \
    for (long row = 0; row < rows; row++) { \
      const VALUES v = LOAD(x + row * inner, n); \
      STEP; \
    } \
    STORE(RESULT, target, n); \
  }

#define LOAD_LANES(p, n) load_part(p, n, 0)
COLUMNS(sum_columns_f32, float, vec, LANES, 0, LOAD_LANES, store_part,
        add_to(&total, &error, v), rounded_sum(total, error))
COLUMNS(maximum_columns_f32, float, vec, LANES, -INFINITY, LOAD_LANES, store_part,
        total = larger_lanes(total, v), total + error)
COLUMNS(minimum_columns_f32, float, vec, LANES, INFINITY, LOAD_LANES, store_part,
        total = smaller_lanes(total, v), total + error)

#define LOAD_ONE(p, n) (*(p))
#define STORE_ONE(v, p, n) (*(p) = (v))
COLUMNS(sum_columns_i64, long, long, 1, 0, LOAD_ONE, STORE_ONE,
        total = (long)((ulong)total + (ulong)v), total + error)
COLUMNS(maximum_columns_i64, long, long, 1, LONG_MIN, LOAD_ONE, STORE_ONE, total = max(total, v),
        total + error)
COLUMNS(minimum_columns_i64, long, long, 1, LONG_MAX, LOAD_ONE, STORE_ONE, total = min(total, v),
        total + error)
COLUMNS(any_columns_bool, uchar, uchar, 1, 0, LOAD_ONE, STORE_ONE, total |= v != 0, total + error)
COLUMNS(all_columns_bool, uchar, uchar, 1, 1, LOAD_ONE, STORE_ONE, total &= v != 0, total + error)

/// target[0] = or += Σ x, by one group.
KERNEL void sum_into(IN(float, x), OUT(float, target), long count, int accumulates) {
  __local float shared[2 * GROUP];
  AT(x);
  AT(target);
  vec sum = 0, error = 0;
  EACH_OF_ROW(i, count) add_to(&sum, &error, load_part(x + i, count - i, 0));
  const float total = group_total(sum, error, shared);
  if (MEMBER == 0) target[0] = accumulates ? target[0] + total : total;
}

// The lowest place of the largest or smallest element of each [outer, :, inner], by a group.
#define PLACE(NAME, TYPE) \
  /* Whether v at place n goes before `best` at `place`; -1 is nowhere, NaN before all. */ \
  int wins_##NAME(int largest, TYPE v, long n, TYPE best, long place) { \
    if (n < 0 || place < 0) return place < 0; \
    if (v != v || best != best) return v != v && (best == best || n < place); \
    if (v == best) return n < place; \
    return largest ? v > best : v < best; \
  } \
  KERNEL void place_##NAME( \
      IN(TYPE, x), OUT(long, target), int largest, long count, long inner) { \
    __local TYPE values[GROUP]; \
    __local long places[GROUP]; \
    AT(x); \
    AT(target); \
    x += ROW / inner * count * inner + ROW % inner; \
    const int member = get_local_id(0); \
    TYPE best = 0; \
    long place = -1; \
    for (long n = member; n < count; n += GROUP) { \
      const TYPE v = x[n * inner]; \
      if (wins_##NAME(largest, v, n, best, place)) { \
        best = v; \
        place = n; \
      } \
    } \
    values[member] = best; \
    places[member] = place; \
    for (int reach = GROUP / 2; reach > 0; reach /= 2) { \
      barrier(CLK_LOCAL_MEM_FENCE); \
      const int other = member + reach; \
      if (member < reach && \
          wins_##NAME(largest, values[other], places[other], values[member], places[member])) { \
        values[member] = values[other]; \
        places[member] = places[other]; \
      } \
    } \
    if (member == 0) target[ROW] = places[0]; \
  }
PLACE(f32, float)
PLACE(i64, long)
