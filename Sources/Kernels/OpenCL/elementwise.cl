// Functions of one and of two elements.

#define UNARY(NAME, TYPE, VALUE) \
  KERNEL void NAME(IN(TYPE, source), OUT(TYPE, target), long count) { \
    AT(source); \
    AT(target); \
    EACH(i, count) { \
      const TYPE x = source[i]; \
      target[i] = (VALUE); \
    } \
  }
UNARY(negate_f32, float, -x)
UNARY(absolute_f32, float, fabs(x))
UNARY(sqrt_f32, float, sqrt(x))
UNARY(log_f32, float, log(x))
UNARY(negate_i64, long, (long)(0 - (ulong)x))
UNARY(absolute_i64, long, x < 0 ? (long)(0 - (ulong)x) : x)
UNARY(not_bool, uchar, x == 0)

// Where a processor has to be told to take many at a time.
#define UNARY_VECTOR(NAME, VALUE) \
  KERNEL void NAME(IN(float, source), OUT(float, target), long count) { \
    AT(source); \
    AT(target); \
    EACH_VECTOR(i, count) { \
      const vec x = load_part(source + i, count - i, 0); \
      store_part(VALUE, target + i, count - i); \
    } \
  }
UNARY_VECTOR(exp_f32, exp(x))
UNARY_VECTOR(tanh_f32, tanh(x))
UNARY_VECTOR(sigmoid_f32, 1.0f / (1.0f + exp(-x)))

/// target += scale · x.
KERNEL void accumulate(IN(float, source), float scale, OUT(float, target), long count) {
  AT(source);
  AT(target);
  EACH(i, count) target[i] = fma(source[i], scale, target[i]);
}

/// target = scale · x.
KERNEL void scale(IN(float, source), float scale, OUT(float, target), long count) {
  AT(source);
  AT(target);
  EACH(i, count) target[i] = source[i] * scale;
}

float minimum_of(float a, float b) { return a < b || a != a ? a : b; }
float maximum_of(float a, float b) { return a > b || a != a ? a : b; }
float power_of(float a, float b) { return b == 2 ? a * a : pow(a, b); }

/// a − b·floor(a/b), of b's sign; NaN for b = 0.
float remainder_of(float a, float b) {
  const float rest = fmod(a, b);
  if (rest == 0) return copysign(0.0f, b);
  return (b < 0) != (rest < 0) ? rest + b : rest;
}

/// floor(a/b) without the rounding of a/b up to the next integer.
float floor_quotient(float a, float b) {
  if (b == 0) return a / b;
  const float rest = fmod(a, b);
  float quotient = (a - rest) / b;
  if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;
  if (quotient == 0) return copysign(0.0f, a / b);
  const float below = floor(quotient);
  return quotient - below > 0.5f ? below + 1 : below;
}

long whole_quotient(long a, long b) {
  if (b == 0) return 0;
  if (b == -1) return (long)(0 - (ulong)a);
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

long whole_remainder(long a, long b) {
  if (b == 0 || b == -1) return 0;
  const long rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

// One kernel for neighbours, one for any strides.
#define BINARY(NAME, TYPE, RESULT, VALUE) \
  KERNEL void NAME(IN(TYPE, a), IN(TYPE, b), OUT(RESULT, target), long count) { \
    AT(a); \
    AT(b); \
    AT(target); \
    EACH(i, count) { \
      const TYPE x = a[i], y = b[i]; \
      target[i] = (VALUE); \
    } \
  } \
  KERNEL void NAME##_strided( \
      IN(TYPE, a), IN(TYPE, b), OUT(RESULT, target), walk way, int rank, long count) { \
    AT(a); \
    AT(b); \
    AT(target); \
    EACH(i, count) { \
      OFFSET(at_a, way, 0, i) \
      OFFSET(at_b, way, 1, i) \
      const TYPE x = a[at_a], y = b[at_b]; \
      target[i] = (VALUE); \
    } \
  }
BINARY(add_f32, float, float, x + y)
BINARY(subtract_f32, float, float, x - y)
BINARY(multiply_f32, float, float, x * y)
BINARY(divide_f32, float, float, x / y)
BINARY(minimum_f32, float, float, minimum_of(x, y))
BINARY(maximum_f32, float, float, maximum_of(x, y))
BINARY(power_f32, float, float, power_of(x, y))
BINARY(floorDivide_f32, float, float, floor_quotient(x, y))
BINARY(remainder_f32, float, float, remainder_of(x, y))
BINARY(add_i64, long, long, (long)((ulong)x + (ulong)y))
BINARY(subtract_i64, long, long, (long)((ulong)x - (ulong)y))
BINARY(multiply_i64, long, long, (long)((ulong)x * (ulong)y))
BINARY(minimum_i64, long, long, min(x, y))
BINARY(maximum_i64, long, long, max(x, y))
BINARY(floorDivide_i64, long, long, whole_quotient(x, y))
BINARY(remainder_i64, long, long, whole_remainder(x, y))
BINARY(and_bool, uchar, uchar, x != 0 && y != 0)
BINARY(or_bool, uchar, uchar, x != 0 || y != 0)

#define COMPARISONS(TYPE_NAME, TYPE) \
  BINARY(equal_##TYPE_NAME, TYPE, uchar, x == y) \
  BINARY(notEqual_##TYPE_NAME, TYPE, uchar, x != y) \
  BINARY(less_##TYPE_NAME, TYPE, uchar, x < y) \
  BINARY(lessOrEqual_##TYPE_NAME, TYPE, uchar, x <= y) \
  BINARY(greater_##TYPE_NAME, TYPE, uchar, x > y) \
  BINARY(greaterOrEqual_##TYPE_NAME, TYPE, uchar, x >= y)
COMPARISONS(f32, float)
COMPARISONS(i64, long)
COMPARISONS(bool, uchar)

// target = condition ? a : b.
#define SELECT(SIZE, TYPE) \
  KERNEL void select_##SIZE( \
      IN(TYPE, a), IN(TYPE, b), IN(uchar, condition), OUT(TYPE, target), walk way, int rank, \
      long count) { \
    AT(a); \
    AT(b); \
    AT(condition); \
    AT(target); \
    EACH(i, count) { \
      OFFSET(at_a, way, 0, i) \
      OFFSET(at_b, way, 1, i) \
      OFFSET(at_c, way, 2, i) \
      target[i] = condition[at_c] ? a[at_a] : b[at_b]; \
    } \
  }
SELECT(1, uchar)
SELECT(4, uint)
SELECT(8, ulong)
