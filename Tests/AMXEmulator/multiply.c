#if defined(__x86_64__) && defined(__linux__)
#include "tiles.h"
#include <immintrin.h>
#include <string.h>

/// Denormals are zero going in and coming out, sums round to nearest even, nothing traps.
enum { PRODUCT_MXCSR = 0x9FC0 };

static const char *find_mismatch(const struct tiles *tiles, int out, int left, int right) {
  if (!tiles->palette) return "no tile is configured";
  if (out == left || out == right || left == right) return "two of the three tiles are the same";
  if (!tiles->rows[out] || !tiles->rows[left] || !tiles->rows[right]) {
    return "one of the three tiles is not configured";
  }
  if (tiles->row_bytes[out] % 4 || tiles->row_bytes[left] % 4 || tiles->row_bytes[right] % 4) {
    return "a tile's rows are not whole elements of 4 bytes";
  }
  if (tiles->rows[out] != tiles->rows[left]) return "result and left factor differ in rows";
  if (tiles->row_bytes[out] != tiles->row_bytes[right]) {
    return "result and right factor differ in bytes a row";
  }
  if (tiles->row_bytes[left] / 4 != tiles->rows[right]) {
    return "the left factor's pairs in a row are not as many as the right factor's rows";
  }
  return 0;
}

/// One row of the result: the even and the odd elements of all pairs are summed apart, each
/// product fused with its sum, then one sum of both is added to the result.
///
/// Always 16 columns: those beyond the right factor's are zero, and the caller leaves them alone.
__attribute__((target("avx2,fma"), noinline)) static void multiply_row(
    float *out, const uint32_t *left, const uint32_t (*right)[16], int pairs) {
  __m256 even[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
  __m256 odd[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
  const __m256i high = _mm256_set1_epi32((int)0xFFFF0000u);
  for (int k = 0; k < pairs; k++) {
    const __m256 left_even = _mm256_castsi256_ps(_mm256_set1_epi32((int)(left[k] << 16)));
    const __m256 left_odd = _mm256_castsi256_ps(_mm256_set1_epi32((int)(left[k] & 0xFFFF0000u)));
    for (int half = 0; half < 2; half++) {
      const __m256i pair = _mm256_loadu_si256((const __m256i *)(right[k] + 8 * half));
      const __m256 right_even = _mm256_castsi256_ps(_mm256_slli_epi32(pair, 16));
      const __m256 right_odd = _mm256_castsi256_ps(_mm256_and_si256(pair, high));
      even[half] = _mm256_fmadd_ps(left_even, right_even, even[half]);
      odd[half] = _mm256_fmadd_ps(left_odd, right_odd, odd[half]);
    }
  }
  for (int half = 0; half < 2; half++) {
    const __m256 sum = _mm256_add_ps(even[half], odd[half]);
    const __m256 before = _mm256_loadu_ps(out + 8 * half);
    _mm256_storeu_ps(out + 8 * half, _mm256_add_ps(before, sum));
  }
}

const char *tiles_multiply(struct tiles *tiles, int out, int left, int right) {
  const char *problem = find_mismatch(tiles, out, left, right);
  if (problem) return problem;
  const size_t bytes = tiles->row_bytes[out];
  const unsigned before = _mm_getcsr();
  _mm_setcsr(PRODUCT_MXCSR);
  for (int row = 0; row < tiles->rows[out]; row++) {
    float sums[16];
    memcpy(sums, tiles->data[out][row], sizeof sums);
    multiply_row(
        sums, (const uint32_t *)tiles->data[left][row],
        (const uint32_t(*)[16])tiles->data[right], tiles->row_bytes[left] / 4);
    memcpy(tiles->data[out][row], sums, bytes);
  }
  _mm_setcsr(before);
  tiles->start_row = 0;
  return 0;
}
#endif
