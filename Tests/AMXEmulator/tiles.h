#pragma once
#include <stdint.h>

enum { TILE_COUNT = 8, TILE_ROWS = 16, TILE_ROW_BYTES = 64, CONFIGURATION_BYTES = 64 };

/// The tiles of one thread. All zeros is the state after TILERELEASE.
struct tiles {
  /// 1 once configured, else 0.
  uint8_t palette;
  /// The row at which the next load or store begins.
  uint8_t start_row;
  /// Bytes of each row in use, 0 for a tile that is not.
  uint16_t row_bytes[TILE_COUNT];
  /// Rows in use, 0 for a tile that is not.
  uint8_t rows[TILE_COUNT];
  /// Rows and bytes that are not in use are zero.
  _Alignas(64) uint8_t data[TILE_COUNT][TILE_ROWS][TILE_ROW_BYTES];
};

// Each gives null, or why a processor refuses; tiles are as they were then.

/// LDTILECFG: takes up 64 bytes of configuration and zeroes all tiles.
const char *tiles_configure(struct tiles *tiles, const uint8_t *configuration);

/// STTILECFG: writes the 64 bytes; zeros without a configuration.
void tiles_store_configuration(const struct tiles *tiles, uint8_t *out);

/// TILEZERO.
const char *tiles_zero(struct tiles *tiles, int tile);

/// TILELOADD, TILELOADDT1: reads the bytes in use of the rows in use, `stride` bytes apart.
const char *tiles_load(struct tiles *tiles, int tile, uintptr_t address, intptr_t stride);

/// TILESTORED: writes the bytes in use of the rows in use, `stride` bytes apart.
const char *tiles_store(struct tiles *tiles, int tile, uintptr_t address, intptr_t stride);

/// TDPBF16PS: out [M, N] in f32 += left [M, K, 2] x right [K, N, 2] in bf16.
const char *tiles_multiply(struct tiles *tiles, int out, int left, int right);
