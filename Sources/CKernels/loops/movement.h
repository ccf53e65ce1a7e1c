// Moving elements, by their size in bytes: 1 for bool, 4 for f32, 8 for i64.

#define DEFINE_MOVEMENT(NAME, TYPE)                                                                \
  static void copy_##NAME(const void *source, int64_t source_stride, void *target,                 \
                          int64_t target_stride, int64_t count) {                                  \
    const TYPE *from = source;                                                                     \
    TYPE *to = target;                                                                             \
    if (source_stride == 1 && target_stride == 1) {                                                \
      memcpy(to, from, (size_t)count * sizeof(TYPE));                                              \
    } else if (source_stride == 0 && target_stride == 1) {                                         \
      const TYPE value = *from;                                                                    \
      for (int64_t i = 0; i < count; i++) to[i] = value;                                           \
    } else {                                                                                       \
      for (int64_t i = 0; i < count; i++) to[i * target_stride] = from[i * source_stride];         \
    }                                                                                              \
  }                                                                                                \
                                                                                                   \
  /* Tiles keep the strided side's cache lines until all their elements are used. */               \
  static void transpose_##NAME(const void *source, int64_t source_stride, void *target,            \
                               int64_t target_stride, int64_t rows, int64_t columns) {             \
    enum { tile = 32 };                                                                            \
    const TYPE *from = source;                                                                     \
    TYPE *to = target;                                                                             \
    for (int64_t c0 = 0; c0 < columns; c0 += tile) {                                               \
      const int64_t c1 = c0 + tile < columns ? c0 + tile : columns;                                \
      for (int64_t r0 = 0; r0 < rows; r0 += tile) {                                                \
        const int64_t r1 = r0 + tile < rows ? r0 + tile : rows;                                    \
        for (int64_t r = r0; r < r1; r++)                                                          \
          for (int64_t c = c0; c < c1; c++)                                                        \
            to[r * target_stride + c] = from[c * source_stride + r];                               \
      }                                                                                            \
    }                                                                                              \
  }

DEFINE_MOVEMENT(1, uint8_t)
DEFINE_MOVEMENT(4, uint32_t)
DEFINE_MOVEMENT(8, uint64_t)
#undef DEFINE_MOVEMENT

// The same by blocks of 4 x 4, and what they leave over one by one.
static void transpose_words(const uint32_t *source, int64_t source_stride, uint32_t *target,
                            int64_t target_stride, int64_t rows, int64_t columns) {
  enum { tile = 32 };
  const int64_t r_end = rows & ~(int64_t)3, c_end = columns & ~(int64_t)3;
  for (int64_t c0 = 0; c0 < c_end; c0 += tile) {
    const int64_t c1 = c0 + tile < c_end ? c0 + tile : c_end;
    for (int64_t r = 0; r < r_end; r += 4)
      for (int64_t c = c0; c < c1; c += 4)
        transpose_quad(source + c * source_stride + r, source_stride,
                       target + r * target_stride + c, target_stride);
  }
  transpose_4(source + r_end, source_stride, target + r_end * target_stride, target_stride,
              rows - r_end, c_end);
  transpose_4(source + c_end * source_stride, source_stride, target + c_end, target_stride, rows,
              columns - c_end);
}

/// target[i · target_stride] = source[i · source_stride] for elements of `size` bytes.
static void copy(int size, const void *source, int64_t source_stride, void *target,
                 int64_t target_stride, int64_t count) {
  if (size == 1) copy_1(source, source_stride, target, target_stride, count);
  if (size == 4) copy_4(source, source_stride, target, target_stride, count);
  if (size == 8) copy_8(source, source_stride, target, target_stride, count);
}

/// target[r · target_stride + c] = source[c · source_stride + r].
static void transpose(int size, const void *source, int64_t source_stride, void *target,
                      int64_t target_stride, int64_t rows, int64_t columns) {
  if (size == 1) transpose_1(source, source_stride, target, target_stride, rows, columns);
  if (size == 4) transpose_words(source, source_stride, target, target_stride, rows, columns);
  if (size == 8) transpose_8(source, source_stride, target, target_stride, rows, columns);
}

/// Floats truncate toward zero and saturate; NaN becomes 0.
static void convert_f32_i64(const float *x, int64_t *out, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    const float v = x[i];
    if (v >= 9223372036854775808.0f) out[i] = INT64_MAX;
    else if (v <= -9223372036854775808.0f) out[i] = INT64_MIN;
    else out[i] = v == v ? (int64_t)v : 0;
  }
}

#define DEFINE_CONVERSION(NAME, FROM, TO, VALUE)                                                   \
  static void NAME(const FROM *x, TO *out, int64_t count) {                                        \
    for (int64_t i = 0; i < count; i++) out[i] = (TO)(VALUE);                                      \
  }
DEFINE_CONVERSION(convert_f32_bool, float, uint8_t, x[i] != 0)
DEFINE_CONVERSION(convert_i64_f32, int64_t, float, x[i])
DEFINE_CONVERSION(convert_i64_bool, int64_t, uint8_t, x[i] != 0)
DEFINE_CONVERSION(convert_bool_f32, uint8_t, float, x[i])
DEFINE_CONVERSION(convert_bool_i64, uint8_t, int64_t, x[i])
#undef DEFINE_CONVERSION

/// target[i] += scale · x[i].
static void accumulate(const float *x, float scale, float *target, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES)
    store(target + i, vfma(load(x + i), splat(scale), load(target + i)));
  if (i < count) {
    const int64_t n = count - i;
    const vec sum = vfma(load_part(x + i, n), splat(scale), load_part(target + i, n));
    store_part(target + i, sum, n);
  }
}

/// target[i] = scale · x[i].
static void scale(const float *x, float scale, float *target, int64_t count) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) store(target + i, load(x + i) * scale);
  for (; i < count; i++) target[i] = x[i] * scale;
}
