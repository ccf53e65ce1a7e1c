// Products of whole operands, a slice of rows and a range of panels at a time.

// Terms summed in one go: a panel of them stays in the second cache while the rows run by, and the
// sums of several keep more digits than one long sum.
#define INNER_BLOCK 2048
// Rows of a piece that does not go to its target as it is.
#define PIECE_ROWS 64

/// One panel of its own: c[rows, PANEL] = start + a[rows, inner] · panel.
INLINE void block(int64_t rows, const uint16_t *a, int64_t a_row, const uint16_t *panel,
                  int64_t inner, const float *start, int64_t start_row, float *c, int64_t c_row) {
  block_part(rows, a, a_row, panel, inner * HALF, inner, start, start_row, c, c_row);
}

/// out[rows, PANEL] += left · panel for the terms from `first` on.
static void add_terms(const pare_panel_product *p, int64_t rows, const uint16_t *panel,
                      int64_t first, int64_t terms, float *out, int64_t out_row) {
  float piece[PIECE_ROWS * PANEL];
  for (int64_t r = 0; r < rows; r += PIECE_ROWS) {
    const int64_t count = clamp(rows - r, PIECE_ROWS);
    block_part(count, p->left + r * p->inner + first, p->inner, panel + first * HALF,
               p->inner * HALF, terms, NULL, 0, piece, PANEL);
    for (int64_t i = 0; i < count; i++)
      for (int64_t c = 0; c < PANEL; c += LANES) {
        float *target = out + (r + i) * out_row + c;
        store(target, load(target) + load(piece + i * PANEL + c));
      }
  }
}

/// One whole panel of a product.
INLINE void multiply_panel(const pare_panel_product *p, int64_t rows, const uint16_t *panel,
                           const float *start, int64_t start_row, float *out, int64_t out_row) {
  block_part(rows, p->left, p->inner, panel, p->inner * HALF, clamp(p->inner, INNER_BLOCK), start,
             start_row, out, out_row);
  for (int64_t k = INNER_BLOCK; k < p->inner; k += INNER_BLOCK)
    add_terms(p, rows, panel, k, clamp(p->inner - k, INNER_BLOCK), out, out_row);
}

/// The last panel where the columns end inside it: by way of a piece of whole panels.
static void multiply_edge(const pare_panel_product *p, int64_t rows, const uint16_t *panel,
                          int64_t column) {
  float piece[PIECE_ROWS * PANEL];
  const size_t bytes = (size_t)(p->columns - column) * sizeof(float);
  pare_panel_product part = *p;
  for (int64_t r = 0; r < rows; r += PIECE_ROWS) {
    const int64_t count = clamp(rows - r, PIECE_ROWS);
    if (p->start)
      for (int64_t i = 0; i < count; i++)
        memcpy(piece + i * PANEL, p->start + (r + i) * p->start_row + column, bytes);
    part.left = p->left + r * p->inner;
    multiply_panel(&part, count, panel, p->start ? piece : NULL, PANEL, piece, PANEL);
    for (int64_t i = 0; i < count; i++)
      memcpy(p->out + (r + i) * p->out_row + column, piece + i * PANEL, bytes);
  }
}

/// Panels from..<to of out = start + left · right.
static void multiply(const pare_panel_product *p, int64_t rows, int64_t from, int64_t to) {
  units_begin();
  for (int64_t index = from; index < to; index++) {
    const uint16_t *panel = p->panels + index * p->inner * PANEL;
    const int64_t column = index * PANEL;
    if (column + PANEL <= p->columns)
      multiply_panel(p, rows, panel, p->start ? p->start + column : NULL, p->start_row,
                     p->out + column, p->out_row);
    else
      multiply_edge(p, rows, panel, column);
  }
  units_end();
}

/// Panels from..<to of out = silu(left · gate) · (left · up), piece by piece.
static void multiply_gated(const pare_gated_product *p, int64_t rows, int64_t from, int64_t to) {
  float gate[PIECE_ROWS * PANEL], up[PIECE_ROWS * PANEL];
  units_begin();
  for (int64_t index = from; index < to; index++) {
    const int64_t column = index * PANEL, offset = index * p->inner * PANEL;
    const int64_t width = clamp(p->columns - column, PANEL);
    for (int64_t r = 0; r < rows; r += PIECE_ROWS) {
      const int64_t count = clamp(rows - r, PIECE_ROWS);
      const pare_panel_product part = {.left = p->left + r * p->inner, .inner = p->inner};
      multiply_panel(&part, count, p->gate + offset, NULL, 0, gate, PANEL);
      multiply_panel(&part, count, p->up + offset, NULL, 0, up, PANEL);
      for (int64_t i = 0; i < count; i++) {
        const int64_t place = (r + i) * p->row + column;
        if (p->projected_gate)
          memcpy(p->projected_gate + place, gate + i * PANEL, (size_t)width * sizeof(float));
        swiglu(gate + i * PANEL, up + i * PANEL, p->out + place, width);
      }
    }
  }
  units_end();
}
