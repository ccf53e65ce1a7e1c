// Functions of one and of two elements. A target may be an operand's place, so loops assert that
// elements do not depend on their neighbours.

#define IN_TURN for (int64_t i = 0; i < count; i++)
#define EACH _Pragma("clang loop vectorize(assume_safety)") IN_TURN

/// out[i] = operation(x[i]).
static void unary_f32(pare_unary operation, const float *x, float *out, int64_t count) {
  switch (operation) {
  case PARE_NEGATE: EACH out[i] = -x[i]; break;
  case PARE_ABSOLUTE: EACH out[i] = __builtin_fabsf(x[i]); break;
  case PARE_LOG: IN_TURN out[i] = logf(x[i]); break;
  case PARE_TANH: IN_TURN out[i] = tanhf(x[i]); break;
  case PARE_SQRT: EACH out[i] = __builtin_elementwise_sqrt(x[i]); break;
  case PARE_EXP:
  case PARE_SIGMOID:
    for (int64_t i = 0; i < count; i += LANES) {
      const int64_t n = count - i < LANES ? count - i : LANES;
      const vec v = n == LANES ? load(x + i) : load_part(x + i, n);
      const vec y = operation == PARE_EXP ? vexp(v) : vsigmoid(v);
      if (n == LANES) store(out + i, y);
      else store_part(out + i, y, n);
    }
    break;
  case PARE_NOT: break;
  }
}

/// Negation and magnitude, wrapping around at the lowest number.
static void unary_i64(pare_unary operation, const int64_t *x, int64_t *out, int64_t count) {
  if (operation == PARE_NEGATE) EACH out[i] = (int64_t)(0 - (uint64_t)x[i]);
  if (operation == PARE_ABSOLUTE)
    EACH out[i] = x[i] < 0 ? (int64_t)(0 - (uint64_t)x[i]) : x[i];
}

static void not_bool(const uint8_t *x, uint8_t *out, int64_t count) { EACH out[i] = x[i] == 0; }

INLINE float minimum_f32(float a, float b) { return a < b || a != a ? a : b; }
INLINE float maximum_f32(float a, float b) { return a > b || a != a ? a : b; }

/// a - b·floor(a/b), of b's sign; NaN for b = 0.
static float remainder_f32(float a, float b) {
  float rest = fmodf(a, b);
  if (rest != 0) {
    if ((b < 0) != (rest < 0)) rest += b;
  } else {
    rest = copysignf(0, b);
  }
  return rest;
}

/// floor(a/b) without the rounding of a/b up to the next integer.
static float floor_divide_f32(float a, float b) {
  if (b == 0) return a / b;
  const float rest = fmodf(a, b);
  float quotient = (a - rest) / b;
  if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;
  if (quotient == 0) return copysignf(0, a / b);
  const float whole = floorf(quotient);
  return quotient - whole > 0.5f ? whole + 1 : whole;
}

INLINE float power_f32(float a, float b) { return b == 2 ? a * a : powf(a, b); }

INLINE int64_t add_i64(int64_t a, int64_t b) { return (int64_t)((uint64_t)a + (uint64_t)b); }
INLINE int64_t subtract_i64(int64_t a, int64_t b) { return (int64_t)((uint64_t)a - (uint64_t)b); }
INLINE int64_t multiply_i64(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }

static int64_t floor_divide_i64(int64_t a, int64_t b) {
  if (b == 0) return 0;
  if (b == -1) return (int64_t)(0 - (uint64_t)a);
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static int64_t remainder_i64(int64_t a, int64_t b) {
  if (b == 0 || b == -1) return 0;
  const int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

// One loop for neighbours, one for each operand that repeats: the compiler vectorizes all three, or
// none where an element takes a call.
#define PAIRS(EXPRESSION) PAIRS_BY(EACH, EXPRESSION)
#define SCALAR_PAIRS(EXPRESSION) PAIRS_BY(IN_TURN, EXPRESSION)
#define PAIRS_BY(LOOP, EXPRESSION)                                                                 \
  if (a_stride == 0) {                                                                             \
    const __typeof__(*a) x = *a;                                                                   \
    LOOP { const __typeof__(*b) y = b[i]; out[i] = EXPRESSION; }                                   \
  } else if (b_stride == 0) {                                                                      \
    const __typeof__(*b) y = *b;                                                                   \
    LOOP { const __typeof__(*a) x = a[i]; out[i] = EXPRESSION; }                                   \
  } else {                                                                                         \
    LOOP { const __typeof__(*a) x = a[i]; const __typeof__(*b) y = b[i]; out[i] = EXPRESSION; }    \
  }                                                                                                \
  break

// The loops proper, for strides of 0 and 1, not both 0.
static void pairs_f32(pare_binary operation, const float *a, int64_t a_stride, const float *b,
                      int64_t b_stride, float *out, int64_t count) {
  switch (operation) {
  case PARE_ADD: PAIRS(x + y);
  case PARE_SUBTRACT: PAIRS(x - y);
  case PARE_MULTIPLY: PAIRS(x * y);
  case PARE_DIVIDE: PAIRS(x / y);
  case PARE_MINIMUM: PAIRS(minimum_f32(x, y));
  case PARE_MAXIMUM: PAIRS(maximum_f32(x, y));
  case PARE_POWER: SCALAR_PAIRS(power_f32(x, y));
  case PARE_FLOOR_DIVIDE: SCALAR_PAIRS(floor_divide_f32(x, y));
  case PARE_REMAINDER: SCALAR_PAIRS(remainder_f32(x, y));
  default: break;
  }
}

static void pairs_i64(pare_binary operation, const int64_t *a, int64_t a_stride, const int64_t *b,
                      int64_t b_stride, int64_t *out, int64_t count) {
  switch (operation) {
  case PARE_ADD: PAIRS(add_i64(x, y));
  case PARE_SUBTRACT: PAIRS(subtract_i64(x, y));
  case PARE_MULTIPLY: PAIRS(multiply_i64(x, y));
  case PARE_MINIMUM: PAIRS(x < y ? x : y);
  case PARE_MAXIMUM: PAIRS(x > y ? x : y);
  case PARE_FLOOR_DIVIDE: SCALAR_PAIRS(floor_divide_i64(x, y));
  case PARE_REMAINDER: SCALAR_PAIRS(remainder_i64(x, y));
  default: break;
  }
}

#define DEFINE_COMPARISON(NAME, TYPE)                                                              \
  static void NAME(pare_binary operation, const TYPE *a, int64_t a_stride, const TYPE *b,          \
                   int64_t b_stride, uint8_t *out, int64_t count) {                                \
    switch (operation) {                                                                           \
    case PARE_EQUAL: PAIRS(x == y);                                                                \
    case PARE_NOT_EQUAL: PAIRS(x != y);                                                            \
    case PARE_LESS: PAIRS(x < y);                                                                  \
    case PARE_LESS_OR_EQUAL: PAIRS(x <= y);                                                        \
    case PARE_GREATER: PAIRS(x > y);                                                               \
    case PARE_GREATER_OR_EQUAL: PAIRS(x >= y);                                                     \
    case PARE_AND: PAIRS(x != 0 && y != 0);                                                        \
    case PARE_OR: PAIRS(x != 0 || y != 0);                                                         \
    default: break;                                                                                \
    }                                                                                              \
  }
DEFINE_COMPARISON(compares_f32, float)
DEFINE_COMPARISON(compares_i64, int64_t)
DEFINE_COMPARISON(compares_bool, uint8_t)
#undef DEFINE_COMPARISON
#undef PAIRS_BY
#undef SCALAR_PAIRS
#undef PAIRS

// Operands of any other stride are gathered a stretch at a time into neighbours.
#define DEFINE_STRIDED(NAME, LOOPS, TYPE, OUT)                                                     \
  static void NAME(pare_binary operation, const TYPE *a, int64_t a_stride, const TYPE *b,          \
                   int64_t b_stride, OUT *out, int64_t count) {                                    \
    enum { stretch = 256 };                                                                        \
    TYPE a_near[stretch], b_near[stretch];                                                         \
    const int a_far = a_stride != 1 && (a_stride != 0 || b_stride == 0);                           \
    const int b_far = b_stride != 0 && b_stride != 1;                                             \
    if (!a_far && !b_far) {                                                                        \
      LOOPS(operation, a, a_stride, b, b_stride, out, count);                                      \
      return;                                                                                      \
    }                                                                                              \
    for (int64_t i = 0; i < count; i += stretch) {                                                 \
      const int64_t n = count - i < stretch ? count - i : stretch;                                 \
      const TYPE *p = a + i * a_stride, *q = b + i * b_stride;                                     \
      if (a_far) copy(sizeof(TYPE), p, a_stride, a_near, 1, n);                                    \
      if (b_far) copy(sizeof(TYPE), q, b_stride, b_near, 1, n);                                    \
      LOOPS(operation, a_far ? a_near : p, a_far ? 1 : a_stride, b_far ? b_near : q,               \
            b_far ? 1 : b_stride, out + i, n);                                                     \
    }                                                                                              \
  }
DEFINE_STRIDED(binary_f32, pairs_f32, float, float)
DEFINE_STRIDED(binary_i64, pairs_i64, int64_t, int64_t)
DEFINE_STRIDED(compare_f32, compares_f32, float, uint8_t)
DEFINE_STRIDED(compare_i64, compares_i64, int64_t, uint8_t)
DEFINE_STRIDED(compare_bool, compares_bool, uint8_t, uint8_t)
#undef DEFINE_STRIDED

#define DEFINE_SELECT(NAME, TYPE)                                                                  \
  static void NAME(const uint8_t *condition, int64_t c_stride, const void *a, int64_t a_stride,    \
                   const void *b, int64_t b_stride, void *out, int64_t count) {                    \
    const TYPE *yes = a, *no = b;                                                                  \
    TYPE *to = out;                                                                                \
    if (c_stride == 1 && a_stride == 1 && b_stride == 1) {                                         \
      EACH to[i] = condition[i] ? yes[i] : no[i];                                                  \
    } else {                                                                                       \
      for (int64_t i = 0; i < count; i++)                                                          \
        to[i] = condition[i * c_stride] ? yes[i * a_stride] : no[i * b_stride];                    \
    }                                                                                              \
  }
DEFINE_SELECT(select_1, uint8_t)
DEFINE_SELECT(select_4, uint32_t)
DEFINE_SELECT(select_8, uint64_t)
#undef DEFINE_SELECT

/// out[i] = condition ? a : b for elements of `size` bytes, each operand with a stride.
static void select_either(int size, const uint8_t *condition, int64_t c_stride, const void *a,
                          int64_t a_stride, const void *b, int64_t b_stride, void *out,
                          int64_t count) {
  if (size == 1) select_1(condition, c_stride, a, a_stride, b, b_stride, out, count);
  if (size == 4) select_4(condition, c_stride, a, a_stride, b, b_stride, out, count);
  if (size == 8) select_8(condition, c_stride, a, a_stride, b, b_stride, out, count);
}

#undef EACH
#undef IN_TURN
