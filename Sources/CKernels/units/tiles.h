// Products of bf16 blocks by AMX: tiles of 16 rows by 64 bytes, 32 rows and 32 columns at a time.
// Tiles 0 to 3 hold sums, 4 and 5 rows of the left factor, 6 and 7 pieces of the panel.
//
// Sums begin with the start, where dots.h adds it last: tiles take no addition, and another pass over
// the sums would cost more than the digits, which bf16 operands have lost already.

typedef struct {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} tile_configuration;

/// Sets the sizes of the tiles: `upper` rows in the upper tiles of sums and left factor, `lower` in
/// the lower ones.
INLINE void tiles_configure(int64_t upper, int64_t lower) {
  tile_configuration configuration = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    configuration.row_bytes[t] = 64;
    configuration.rows[t] = 16;
  }
  configuration.rows[0] = configuration.rows[1] = configuration.rows[4] = (uint8_t)upper;
  configuration.rows[2] = configuration.rows[3] = configuration.rows[5] = (uint8_t)lower;
  _tile_loadconfig(&configuration);
}

// A product begins by setting its tiles: a library on the same thread may have released them.
INLINE void units_begin(void) { tiles_configure(16, 16); }
// Released tiles cost nothing when the thread is switched.
INLINE void units_end(void) { _tile_release(); }

/// Rows of both tiles of the left factor, 32 in all unless configured otherwise, with half a panel.
INLINE void tiles_both(const uint16_t *a, int64_t a_row, const uint16_t *panel, int64_t inner,
                       const float *start, int64_t start_row, float *c, int64_t c_row) {
  const size_t a_bytes = (size_t)a_row * 2, c_bytes = (size_t)c_row * 4;
  const size_t start_bytes = (size_t)start_row * 4;
  if (start) {
    _tile_loadd(0, start, start_bytes);
    _tile_loadd(1, start + 16, start_bytes);
    _tile_loadd(2, start + 16 * start_row, start_bytes);
    _tile_loadd(3, start + 16 * start_row + 16, start_bytes);
  } else {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }
  for (int64_t k = 0; k < inner; k += INNER_STEP, panel += INNER_STEP * HALF) {
    _tile_loadd(6, panel, HALF * 4);
    _tile_loadd(4, a + k, a_bytes);
    _tile_loadd(7, panel + 32, HALF * 4);
    _tile_loadd(5, a + 16 * a_row + k, a_bytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, c, c_bytes);
  _tile_stored(1, c + 16, c_bytes);
  _tile_stored(2, c + 16 * c_row, c_bytes);
  _tile_stored(3, c + 16 * c_row + 16, c_bytes);
}

/// Rows of the upper tile alone.
INLINE void tiles_upper(const uint16_t *a, int64_t a_row, const uint16_t *panel, int64_t inner,
                        const float *start, int64_t start_row, float *c, int64_t c_row) {
  if (start) {
    _tile_loadd(0, start, (size_t)start_row * 4);
    _tile_loadd(1, start + 16, (size_t)start_row * 4);
  } else {
    _tile_zero(0);
    _tile_zero(1);
  }
  for (int64_t k = 0; k < inner; k += INNER_STEP, panel += INNER_STEP * HALF) {
    _tile_loadd(4, a + k, (size_t)a_row * 2);
    _tile_loadd(6, panel, HALF * 4);
    _tile_loadd(7, panel + 32, HALF * 4);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
  }
  _tile_stored(0, c, (size_t)c_row * 4);
  _tile_stored(1, c + 16, (size_t)c_row * 4);
}

/// c[rows, PANEL] = start + a[rows, inner] · panel, for one panel whose halves are `half` apart and an
/// inner size that is a multiple of INNER_STEP. A null start is zeros; it may be c.
static void block_part(int64_t rows, const uint16_t *a, int64_t a_row, const uint16_t *panel,
                       int64_t half, int64_t inner, const float *start, int64_t start_row,
                       float *c, int64_t c_row) {
  const int64_t whole = rows & ~(int64_t)31, rest = rows - whole;
  // Half a panel stays in the first cache while the rows run by.
  for (int64_t column = 0; column < PANEL; column += HALF, panel += half)
    for (int64_t r = 0; r < whole; r += 32)
      tiles_both(a + r * a_row, a_row, panel, inner,
                 start ? start + r * start_row + column : NULL, start_row, c + r * c_row + column,
                 c_row);
  if (rest == 0) return;
  a += whole * a_row;
  c += whole * c_row;
  if (start) start += whole * start_row;
  if (rest != 16) tiles_configure(rest < 16 ? rest : 16, rest > 16 ? rest - 16 : 16);
  panel -= 2 * half;
  for (int64_t column = 0; column < PANEL; column += HALF, panel += half) {
    const float *from = start ? start + column : NULL;
    if (rest > 16) tiles_both(a, a_row, panel, inner, from, start_row, c + column, c_row);
    else tiles_upper(a, a_row, panel, inner, from, start_row, c + column, c_row);
  }
  if (rest != 16) tiles_configure(16, 16);
}
