// Vectors of LANES floats by the compiler's vector extension, and the functions libm has no vector
// form of. Everything is static: each instruction set has its own copy.
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef float vec __attribute__((vector_size(LANES * 4)));
typedef int32_t ivec __attribute__((vector_size(LANES * 4)));

#define INLINE static inline __attribute__((always_inline))

INLINE vec load(const float *p) {
  vec v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store(float *p, vec v) { memcpy(p, &v, sizeof v); }

// x - 0 is x, also where x is -0, so that no instruction is left of the subtraction.
INLINE vec splat(float x) { return x - (vec){}; }

/// The first n <= LANES floats, the rest 0.
INLINE vec load_part(const float *p, int64_t n) {
  vec v = splat(0);
  memcpy(&v, p, (size_t)n * sizeof *p);
  return v;
}

INLINE void store_part(float *p, vec v, int64_t n) { memcpy(p, &v, (size_t)n * sizeof *p); }

INLINE vec blend(ivec mask, vec yes, vec no) {
  return (vec)(((ivec)yes & mask) | ((ivec)no & ~mask));
}

INLINE vec vmax(vec a, vec b) { return __builtin_elementwise_max(a, b); }
INLINE vec vmin(vec a, vec b) { return __builtin_elementwise_min(a, b); }
INLINE vec vsqrt(vec a) { return __builtin_elementwise_sqrt(a); }
// Without the instructions, the compiler would call libm once a lane.
#if HAS_FMA
INLINE vec vfma(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }
/// The nearest integer, to even on ties.
INLINE vec vround(vec a) { return __builtin_elementwise_roundeven(a); }
#else
INLINE vec vfma(vec a, vec b, vec c) { return a * b + c; }
/// The nearest integer, to even on ties, for |a| < 2^22.
INLINE vec vround(vec a) { return (a + 12582912.0f) - 12582912.0f; }
#endif

typedef uint32_t quad __attribute__((vector_size(16)));

/// A block of 4 x 4 elements of 4 bytes: to[c · to_row + r] = from[r · from_row + c].
INLINE void transpose_quad(const void *source, int64_t from_row, void *target, int64_t to_row) {
  const char *from = source;
  char *to = target;
  from_row *= 4;
  to_row *= 4;
  quad a, b, c, d;
  memcpy(&a, from, sizeof a);
  memcpy(&b, from + from_row, sizeof b);
  memcpy(&c, from + 2 * from_row, sizeof c);
  memcpy(&d, from + 3 * from_row, sizeof d);
  const quad ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const quad ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const quad cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const quad cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  a = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  b = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  c = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  d = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
  memcpy(to, &a, sizeof a);
  memcpy(to + to_row, &b, sizeof b);
  memcpy(to + 2 * to_row, &c, sizeof c);
  memcpy(to + 3 * to_row, &d, sizeof d);
}

/// Sum of the lanes, in a fixed tree.
INLINE float sum_lanes(vec v) {
  float lanes[LANES];
  memcpy(lanes, &v, sizeof v);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
  return lanes[0];
}

/// The largest lane; lanes that are NaN may be passed over.
INLINE float max_lanes(vec v) {
  float lanes[LANES];
  memcpy(lanes, &v, sizeof v);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++)
      lanes[i] = lanes[i] > lanes[i + width] ? lanes[i] : lanes[i + width];
  return lanes[0];
}

/// e^x within 2 units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, a polynomial in r, times 2^n.
/// Underflows to 0, overflows to infinity, NaN stays NaN.
INLINE vec vexp(vec x) {
  const vec clamped = vmin(vmax(x, splat(-104.0f)), splat(89.0f));
  const vec n = vround(clamped * 1.44269504088896341f);
  vec r = vfma(n, splat(-0.693359375f), clamped);
  r = vfma(n, splat(2.12194440e-4f), r);
  vec p = splat(1.0f / 5040);
  p = vfma(p, r, splat(1.0f / 720));
  p = vfma(p, r, splat(1.0f / 120));
  p = vfma(p, r, splat(1.0f / 24));
  p = vfma(p, r, splat(1.0f / 6));
  p = vfma(p, r, splat(0.5f));
  p = vfma(p, r, splat(1.0f));
  p = vfma(p, r, splat(1.0f));
  // 2^n in two factors, so that denormal results and the largest ones come out right.
  const ivec whole = __builtin_convertvector(n, ivec);
  const ivec half = whole >> 1;
  const vec low = (vec)((half + 127) << 23);
  const vec high = (vec)((whole - half + 127) << 23);
  const vec result = p * low * high;
  return blend(x == x, result, x);
}

/// The larger of each lane, b where either is NaN: one instruction, where vmax needs three.
INLINE vec larger(vec a, vec b) { return blend(a > b, a, b); }

/// 2^x for x <= 127, within 2 units in the last place: x = n + r, |r| <= 1/2, a minimax polynomial in
/// r that is exact at 0, times 2^n. Results under 2^-126 become 0, NaN stays NaN. For sums of
/// weights, where its 13 instructions matter more than denormals.
INLINE vec vexp2(vec x) {
  // Adding 1.5 · 2^23 rounds to an integer that stands in the low bits.
  const float shift = 12582912.0f;
  const vec clamped = larger(splat(-127.0f), x);
  const vec shifted = clamped + shift;
  const vec r = clamped - (shifted - shift);
  vec p = splat(0.00015461448f);
  p = vfma(p, r, splat(0.0013390867f));
  p = vfma(p, r, splat(0.009618057f));
  p = vfma(p, r, splat(0.05550357f));
  p = vfma(p, r, splat(0.2402265f));
  p = vfma(p, r, splat(0.6931472f));
  p = vfma(p, r, splat(1.0f));
  // The exponent -127 is that of zero.
  return p * (vec)(((ivec)shifted << 23) + (127 << 23));
}

/// 0, 1, 2 and so on.
INLINE ivec lane_numbers(void) {
  static const int32_t numbers[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  ivec v;
  memcpy(&v, numbers, sizeof v);
  return v;
}

/// 1 / (1 + e^-x), without the cancellation or NaN at either end.
INLINE vec vsigmoid(vec x) { return 1.0f / (1.0f + vexp(-x)); }
