#define _GNU_SOURCE
#include "amx_exercises.h"

const uint8_t amx_constant_configuration[64] = {
    [0] = 1, [16] = 64, [18] = 4, [30] = 12, [48] = 16, [49] = 3, [55] = 7,
};

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#include <string.h>
#include <sys/mman.h>

#pragma clang attribute push( \
    __attribute__((target("amx-tile,amx-bf16"))), apply_to = function)

void amx_exercise_product(
    const void *configuration, struct amx_matrix out, struct amx_matrix left,
    struct amx_matrix right, int times) {
  _tile_loadconfig(configuration);
  _tile_loadd(0, out.bytes, out.stride);
  _tile_loadd(1, left.bytes, left.stride);
  _tile_loadd(2, right.bytes, right.stride);
  for (int i = 0; i < times; i++) _tile_dpbf16ps(0, 1, 2);
  _tile_stored(0, out.bytes, out.stride);
  _tile_release();
}

void amx_exercise_fresh_product(
    const void *configuration, struct amx_matrix out, struct amx_matrix left,
    struct amx_matrix right) {
  _tile_loadconfig(configuration);
  _tile_zero(7);
  _tile_stream_loadd(5, left.bytes, left.stride);
  _tile_stream_loadd(6, right.bytes, right.stride);
  _tile_dpbf16ps(7, 5, 6);
  _tile_stored(7, out.bytes, out.stride);
  _tile_release();
}

void amx_exercise_blocked_product(
    struct amx_matrix out, struct amx_matrix left, struct amx_matrix right, int pairs) {
  uint8_t configuration[64] = {1};
  for (int tile = 0; tile < 8; tile++) {
    configuration[16 + 2 * tile] = 64;
    configuration[48 + tile] = 16;
  }
  uint8_t *const results = out.bytes;
  const uint8_t *const rows = left.bytes, *const columns = right.bytes;
  _tile_loadconfig(configuration);
  _tile_loadd(0, results, out.stride);
  _tile_loadd(1, results + 64, out.stride);
  _tile_loadd(2, results + 16 * out.stride, out.stride);
  _tile_loadd(3, results + 16 * out.stride + 64, out.stride);
  for (int k = 0; k < pairs; k += 16) {
    _tile_loadd(4, rows + 4 * k, left.stride);
    _tile_loadd(5, rows + 4 * k + 16 * left.stride, left.stride);
    _tile_loadd(6, columns + k * right.stride, right.stride);
    _tile_loadd(7, columns + k * right.stride + 64, right.stride);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, results, out.stride);
  _tile_stored(1, results + 64, out.stride);
  _tile_stored(2, results + 16 * out.stride, out.stride);
  _tile_stored(3, results + 16 * out.stride + 64, out.stride);
  _tile_release();
}

void amx_exercise_copy(const void *configuration, struct amx_matrix from, struct amx_matrix to) {
  _tile_loadconfig(configuration);
  _tile_loadd(3, from.bytes, from.stride);
  _tile_stored(3, to.bytes, to.stride);
  _tile_release();
}

void amx_exercise_zero(
    const void *configuration, struct amx_matrix old, struct amx_matrix loaded,
    struct amx_matrix zeroed) {
  uint8_t fours[64];
  memset(fours, 4, sizeof fours);
  _tile_loadconfig(configuration);
  _tile_stored(3, old.bytes, old.stride);
  _tile_loadd(3, fours, 0);
  _tile_stored(3, loaded.bytes, loaded.stride);
  _tile_zero(3);
  _tile_stored(3, zeroed.bytes, zeroed.stride);
  _tile_release();
}

void amx_exercise_configurations(void *during, void *after) {
  _tile_loadconfig(amx_constant_configuration);
  _tile_storeconfig(during);
  _tile_release();
  _tile_storeconfig(after);
}

void amx_exercise_unconfigured(int which, void *memory) {
  switch (which) {
    case 0: _tile_zero(0); break;
    case 1: _tile_loadd(0, memory, 64); break;
    case 2: _tile_stream_loadd(0, memory, 64); break;
    case 3: _tile_stored(0, memory, 64); break;
    case 4: _tile_dpbf16ps(0, 1, 2); break;
  }
}

typedef void address_function(const void *base, intptr_t index);
address_function *amx_address_function(int variant, int *displacement, int *scale);

void amx_exercise_address(
    const void *configuration, int variant, struct amx_matrix from, struct amx_matrix to) {
  int displacement, scale;
  address_function *const load = amx_address_function(variant, &displacement, &scale);
  _tile_loadconfig(configuration);
  load((const uint8_t *)from.bytes - displacement, from.stride / scale);
  _tile_stored(5, to.bytes, to.stride);
  _tile_release();
}

#pragma clang attribute pop

int amx_exercise_code(const uint8_t *code, int count, void *rdi, intptr_t rsi) {
  enum { PAGE = 4096, RETURN = 0xC3 };
  uint8_t *page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || count >= PAGE) return -1;
  memcpy(page, code, (size_t)count);
  page[count] = RETURN;
  if (mprotect(page, PAGE, PROT_READ | PROT_EXEC)) return -1;
  ((void (*)(void *, intptr_t))page)(rdi, rsi);
  munmap(page, PAGE);
  return 0;
}

void amx_exercise_foreign_instruction(void) { __asm__ volatile("ud2"); }

#else

void amx_exercise_product(
    const void *configuration, struct amx_matrix out, struct amx_matrix left,
    struct amx_matrix right, int times) {}
void amx_exercise_fresh_product(
    const void *configuration, struct amx_matrix out, struct amx_matrix left,
    struct amx_matrix right) {}
void amx_exercise_blocked_product(
    struct amx_matrix out, struct amx_matrix left, struct amx_matrix right, int pairs) {}
void amx_exercise_copy(const void *configuration, struct amx_matrix from, struct amx_matrix to) {}
void amx_exercise_zero(
    const void *configuration, struct amx_matrix old, struct amx_matrix loaded,
    struct amx_matrix zeroed) {}
void amx_exercise_configurations(void *during, void *after) {}
void amx_exercise_unconfigured(int which, void *memory) {}
void amx_exercise_address(
    const void *configuration, int variant, struct amx_matrix from, struct amx_matrix to) {}
int amx_exercise_code(const uint8_t *code, int count, void *rdi, intptr_t rsi) { return -1; }
void amx_exercise_foreign_instruction(void) {}

#endif
