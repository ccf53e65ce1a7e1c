// What every family starts from. The device's layout comes with the build:
//   LANES     f32 elements that a work-item handles at once
//   GROUP     work-items of a group; with 1 there is nothing to share and no barrier
//   ELEMENTS  elements of a work-item in a pass over memory, a multiple of LANES
// A processor has wide lanes and groups of one, a graphics card many work-items of few lanes.

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#if LANES == 1
typedef float vec;
typedef int ivec;
#define load(p) (*(p))
#define store(v, p) (*(p) = (v))
#else
typedef PASTE(float, LANES) vec;
typedef PASTE(int, LANES) ivec;
#define load(p) PASTE(vload, LANES)(0, p)
#define store(v, p) PASTE(vstore, LANES)(v, 0, p)
#endif

// A kernel for groups of one size, so that what does not fit a device's registers fails to build.
#define KERNEL __kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))

// A region of a buffer: where it begins is counted in elements, and AT goes there.
#define IN(type, name) __global const type *name, const long name##_at
#define OUT(type, name) __global type *name, const long name##_at
#define AT(name) name += name##_at

// Rows are shared out to groups; a launch that is cut up counts on through its pieces.
#define ROW (get_global_id(0) / GROUP)
#define MEMBER ((int)(get_global_id(0) % GROUP))

// i over a work-item's elements below `count`: neighbours lie in neighbouring work-items, so that a
// card reads whole lines; a group of one has a stretch to itself.
#define EACH(i, count) \
  for (long i = ROW * (GROUP * (long)ELEMENTS) + MEMBER, \
            i##_end = min((long)(ROW + 1) * (GROUP * (long)ELEMENTS), (long)(count)); \
       i < i##_end; i += GROUP)

// The same by vectors, the last of which may be a part.
#define EACH_VECTOR(i, count) \
  for (long i = ROW * (GROUP * (long)ELEMENTS) + MEMBER * LANES, \
            i##_end = min((long)(ROW + 1) * (GROUP * (long)ELEMENTS), (long)(count)); \
       i < i##_end; i += GROUP * LANES)

// i over the vectors of a row of `count`, shared by its group.
#define EACH_OF_ROW(i, count) for (long i = MEMBER * LANES; i < (count); i += GROUP * LANES)

/// The first n elements, and `rest` in the lanes past them.
vec load_part(__global const float *p, long n, float rest) {
  if (n >= LANES) return load(p);
  float parts[LANES];
  for (int lane = 0; lane < LANES; lane++) parts[lane] = lane < n ? p[lane] : rest;
  return load(parts);
}

void store_part(vec v, __global float *p, long n) {
  if (n >= LANES) {
    store(v, p);
  } else {
    float parts[LANES];
    store(v, parts);
    for (int lane = 0; lane < n; lane++) p[lane] = parts[lane];
  }
}

/// a, or b where it is larger or NaN: a NaN stays.
float larger(float a, float b) { return b > a || b != b ? b : a; }
float smaller(float a, float b) { return b < a || b != b ? b : a; }
vec larger_lanes(vec a, vec b) { return select(a, b, (b > a) | (b != b)); }
vec smaller_lanes(vec a, vec b) { return select(a, b, (b < a) | (b != b)); }

/// Adds to a sum whose rounding is kept beside it (Knuth's two-sum): as good as f64 for our lengths,
/// on devices that have none.
void add_to(vec *sum, vec *error, vec x) {
  const vec total = *sum + x;
  const vec part = total - *sum;
  *error += (*sum - (total - part)) + (x - part);
  *sum = total;
}

/// The sum with its rounding; infinities and NaN have no rounding.
vec rounded_sum(vec sum, vec error) { return select(sum, sum + error, isfinite(sum)); }

float sum_lanes(vec v) {
#if LANES == 16
  const float8 a = v.lo + v.hi;
#elif LANES == 8
  const float8 a = v;
#endif
#if LANES >= 8
  const float4 b = a.lo + a.hi;
#elif LANES == 4
  const float4 b = v;
#endif
#if LANES >= 4
  return (b.x + b.z) + (b.y + b.w);
#else
  return v;
#endif
}

float largest_lane(vec v) {
  float lanes[LANES];
  store(v, lanes);
  for (int lane = 1; lane < LANES; lane++) lanes[0] = larger(lanes[0], lanes[lane]);
  return lanes[0];
}

float smallest_lane(vec v) {
  float lanes[LANES];
  store(v, lanes);
  for (int lane = 1; lane < LANES; lane++) lanes[0] = smaller(lanes[0], lanes[lane]);
  return lanes[0];
}

float sum_of_two(float a, float b) { return a + b; }

// A value of each work-item combined over the group, in a tree of one shape; all receive it.
// `shared` has room for GROUP of them and is free again afterwards.
#if GROUP == 1
#define COMBINED(NAME, COMBINE) \
  float NAME(float value, __local float *shared) { return value; }
#else
#define COMBINED(NAME, COMBINE) \
  float NAME(float value, __local float *shared) { \
    const int member = get_local_id(0); \
    shared[member] = value; \
    barrier(CLK_LOCAL_MEM_FENCE); \
    for (int reach = GROUP / 2; reach > 0; reach /= 2) { \
      if (member < reach) shared[member] = COMBINE(shared[member], shared[member + reach]); \
      barrier(CLK_LOCAL_MEM_FENCE); \
    } \
    const float result = shared[0]; \
    barrier(CLK_LOCAL_MEM_FENCE); \
    return result; \
  }
#endif
COMBINED(group_sum, sum_of_two)
COMBINED(group_largest, larger)
COMBINED(group_smallest, smaller)
