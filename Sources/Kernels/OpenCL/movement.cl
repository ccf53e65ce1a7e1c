// Moving elements: strided copies, fills, conversions, rows of a table.

#define MOVE(SIZE, TYPE) \
  KERNEL void copy_##SIZE(IN(TYPE, source), OUT(TYPE, target), long count) { \
    AT(source); \
    AT(target); \
    EACH(i, count) target[i] = source[i]; \
  } \
  KERNEL void copy_strided_##SIZE( \
      IN(TYPE, source), OUT(TYPE, target), walk way, int rank, long count) { \
    AT(source); \
    AT(target); \
    EACH(i, count) { \
      OFFSET(from, way, 0, i) \
      OFFSET(to, way, 1, i) \
      target[to] = source[from]; \
    } \
  } \
  KERNEL void fill_##SIZE(OUT(TYPE, target), TYPE value, walk way, int rank, long count) { \
    AT(target); \
    EACH(i, count) { \
      OFFSET(to, way, 0, i) \
      target[to] = value; \
    } \
  }
MOVE(1, uchar)
MOVE(4, uint)
MOVE(8, ulong)

/// Truncates toward zero and saturates; NaN becomes 0.
long whole(float x) {
  if (x != x) return 0;
  if (x >= 9223372036854775808.0f) return LONG_MAX;
  return x <= -9223372036854775808.0f ? LONG_MIN : (long)x;
}

#define CONVERT(NAME, FROM, TO, VALUE) \
  KERNEL void convert_##NAME(IN(FROM, source), OUT(TO, target), long count) { \
    AT(source); \
    AT(target); \
    EACH(i, count) { \
      const FROM x = source[i]; \
      target[i] = (VALUE); \
    } \
  }
CONVERT(f32_i64, float, long, whole(x))
CONVERT(f32_bool, float, uchar, x != 0)
CONVERT(i64_f32, long, float, (float)x)
CONVERT(i64_bool, long, uchar, x != 0)
CONVERT(bool_f32, uchar, float, (float)x)
CONVERT(bool_i64, uchar, long, (long)x)

// target[i] = table[rows[i]], each row by a group.
#define GATHER(SIZE, TYPE) \
  KERNEL void gather_rows_##SIZE( \
      IN(TYPE, table), IN(long, rows), OUT(TYPE, target), long width) { \
    AT(table); \
    AT(rows); \
    AT(target); \
    const long from = rows[ROW] * width, to = ROW * width; \
    for (long i = MEMBER; i < width; i += GROUP) target[to + i] = table[from + i]; \
  }
GATHER(4, uint)
GATHER(8, ulong)

/// table[rows[i]] += source[i] in the order of i: each work-item has columns of its own.
KERNEL void scatter_add_rows(
    IN(float, source), IN(long, rows), OUT(float, table), long width, long count, long units) {
  AT(source);
  AT(rows);
  AT(table);
  const long unit = get_global_id(0);
  if (unit >= units) return;
  const long first = unit * LANES, n = width - first;
  for (long i = 0; i < count; i++) {
    __global float *to = table + rows[i] * width + first;
    store_part(load_part(to, n, 0) + load_part(source + i * width + first, n, 0), to, n);
  }
}
