#include "tiles.h"
#include <string.h>

// Where the configuration holds what.
enum { RESERVED_BEGIN = 2, ROW_BYTES_BEGIN = 16, ROWS_BEGIN = 48 };

static int is_zero(const uint8_t *bytes, int begin, int end) {
  for (int i = begin; i < end; i++) {
    if (bytes[i]) return 0;
  }
  return 1;
}

const char *tiles_configure(struct tiles *tiles, const uint8_t *in) {
  // Palette 0 is the initial state; nothing else of the configuration is looked at.
  if (in[0] == 0) {
    memset(tiles, 0, sizeof *tiles);
    return 0;
  }
  if (in[0] != 1) return "the palette is neither 0 nor 1";
  if (!is_zero(in, RESERVED_BEGIN, ROW_BYTES_BEGIN) ||
      !is_zero(in, ROW_BYTES_BEGIN + 2 * TILE_COUNT, ROWS_BEGIN) ||
      !is_zero(in, ROWS_BEGIN + TILE_COUNT, CONFIGURATION_BYTES)) {
    return "a reserved byte of the configuration is not zero";
  }
  uint16_t row_bytes[TILE_COUNT];
  memcpy(row_bytes, in + ROW_BYTES_BEGIN, sizeof row_bytes);
  for (int tile = 0; tile < TILE_COUNT; tile++) {
    const int rows = in[ROWS_BEGIN + tile];
    if (rows > TILE_ROWS) return "a tile has more than 16 rows";
    if (row_bytes[tile] > TILE_ROW_BYTES) return "a tile's rows have more than 64 bytes";
    if (!rows != !row_bytes[tile]) return "a tile has rows without bytes or bytes without rows";
  }
  memset(tiles, 0, sizeof *tiles);
  tiles->palette = 1;
  tiles->start_row = in[1];
  memcpy(tiles->row_bytes, row_bytes, sizeof row_bytes);
  memcpy(tiles->rows, in + ROWS_BEGIN, sizeof tiles->rows);
  return 0;
}

void tiles_store_configuration(const struct tiles *tiles, uint8_t *out) {
  memset(out, 0, CONFIGURATION_BYTES);
  out[0] = tiles->palette;
  out[1] = tiles->start_row;
  memcpy(out + ROW_BYTES_BEGIN, tiles->row_bytes, sizeof tiles->row_bytes);
  memcpy(out + ROWS_BEGIN, tiles->rows, sizeof tiles->rows);
}

static const char *find_unusable(const struct tiles *tiles, int tile) {
  if (!tiles->palette) return "no tile is configured";
  if (!tiles->rows[tile]) return "the tile is not configured";
  return 0;
}

static const char *find_unmovable(const struct tiles *tiles, int tile) {
  const char *problem = find_unusable(tiles, tile);
  if (problem) return problem;
  if (tiles->row_bytes[tile] % 4) return "the tile's rows are not whole elements of 4 bytes";
  if (tiles->start_row >= tiles->rows[tile]) return "start_row is beyond the tile's rows";
  return 0;
}

const char *tiles_zero(struct tiles *tiles, int tile) {
  const char *problem = find_unusable(tiles, tile);
  if (problem) return problem;
  memset(tiles->data[tile], 0, sizeof tiles->data[tile]);
  tiles->start_row = 0;
  return 0;
}

const char *tiles_load(struct tiles *tiles, int tile, uintptr_t address, intptr_t stride) {
  const char *problem = find_unmovable(tiles, tile);
  if (problem) return problem;
  const int bytes = tiles->row_bytes[tile];
  for (int row = 0; row < TILE_ROWS; row++) {
    uint8_t *to = tiles->data[tile][row];
    // Rows before start_row are what an interrupted load brought already.
    if (row < tiles->start_row) continue;
    if (row < tiles->rows[tile]) {
      memcpy(to, (const void *)(address + (uintptr_t)(row * stride)), (size_t)bytes);
      memset(to + bytes, 0, (size_t)(TILE_ROW_BYTES - bytes));
    } else {
      memset(to, 0, TILE_ROW_BYTES);
    }
  }
  tiles->start_row = 0;
  return 0;
}

const char *tiles_store(struct tiles *tiles, int tile, uintptr_t address, intptr_t stride) {
  const char *problem = find_unmovable(tiles, tile);
  if (problem) return problem;
  for (int row = tiles->start_row; row < tiles->rows[tile]; row++) {
    memcpy(
        (void *)(address + (uintptr_t)(row * stride)), tiles->data[tile][row],
        tiles->row_bytes[tile]);
  }
  tiles->start_row = 0;
  return 0;
}
