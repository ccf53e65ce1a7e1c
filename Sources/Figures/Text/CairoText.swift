internal import CCairo

/// The type of a theme, measured and drawn by Cairo.
struct CairoFont {
  let family: String

  /// What stands in first for letters that the family lacks.
  private static let fallback = "DejaVu Sans"

  /// Sets how glyphs are drawn, once for a context: unhinted, so that its metrics do not depend on
  /// the resolution.
  static func configure(_ context: OpaquePointer) {
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  /// The size of a line of text.
  func extents(of line: String, size: Double, isBold: Bool, on context: OpaquePointer)
    -> TextExtents
  {
    var whole: TextExtents?
    set(line, size: size, isBold: isBold, on: context) { _, x, y, extents in
      whole = (whole ?? TextExtents()).union(extents, x: x, y: y, isFirst: whole == nil)
    }
    return whole ?? TextExtents()
  }

  /// Draws a line of text from the origin `x`, `y` on its baseline.
  func draw(
    _ line: String, size: Double, isBold: Bool, x: Double, y: Double, on context: OpaquePointer
  ) {
    set(line, size: size, isBold: isBold, on: context) { text, offset, rise, _ in
      cairo_move_to(context, x + offset, y - rise)
      cairo_show_text(context, text)
    }
    cairo_new_path(context)
  }

  /// Goes through the stretches of a line, each with the font chosen: its text, its distance from
  /// the line's origin to the right and upward, its extents.
  private func set(
    _ line: String, size: Double, isBold: Bool, on context: OpaquePointer,
    _ body: (_ text: String, _ x: Double, _ y: Double, _ extents: TextExtents) -> Void
  ) {
    var (start, end) = (0.0, 0.0)
    for stretch in MathText(line).stretches {
      var scale = 1.0
      for _ in 0..<stretch.level { scale *= MathText.scriptScale }
      var x = stretch.isStacked ? start : end
      start = x
      for piece in pieces(of: stretch, isBold: isBold, on: context) {
        select(piece.family, isSlanted: stretch.isSlanted, isBold: isBold, on: context)
        cairo_set_font_size(context, size * scale)
        var raw = cairo_text_extents_t()
        cairo_text_extents(context, piece.text, &raw)
        body(
          piece.text, x, stretch.rise * size,
          TextExtents(
            advance: raw.x_advance, left: raw.x_bearing, right: raw.x_bearing + raw.width,
            ascent: -raw.y_bearing, descent: raw.y_bearing + raw.height))
        x += raw.x_advance
      }
      end = max(end, x)
    }
  }

  private func select(
    _ family: String, isSlanted: Bool, isBold: Bool, on context: OpaquePointer
  ) {
    cairo_select_font_face(
      context, family, isSlanted ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
      isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
  }

  /// A stretch in pieces of one family each.
  private func pieces(
    of stretch: MathText.Stretch, isBold: Bool, on context: OpaquePointer
  ) -> [(text: String, family: String)] {
    if stretch.text.utf8.allSatisfy({ $0 < 0x80 }) { return [(stretch.text, family)] }
    select(family, isSlanted: stretch.isSlanted, isBold: isBold, on: context)
    // Held, since another font may be chosen on the way.
    let font = cairo_scaled_font_reference(cairo_get_scaled_font(context))
    defer { cairo_scaled_font_destroy(font) }
    var pieces: [(text: String, family: String)] = []
    for character in stretch.text {
      let family = Self.has(character, font) ? family : fallback(for: character, on: context)
      if pieces.last?.family == family {
        pieces[pieces.count - 1].text.append(character)
      } else {
        pieces.append((String(character), family))
      }
    }
    return pieces
  }

  /// The family that has a character which this one lacks; where none has it, one whose box for what
  /// is missing stands for it.
  private func fallback(for character: Character, on context: OpaquePointer) -> String {
    select(Self.fallback, isSlanted: false, isBold: false, on: context)
    if Self.has(character, cairo_get_scaled_font(context)) { return Self.fallback }
    return FallbackFont.family(for: character) ?? Self.fallback
  }

  /// The characters of a line that no font has.
  func missing(in line: String, on context: OpaquePointer) -> [Character] {
    guard line.utf8.contains(where: { $0 >= 0x80 }) else { return [] }
    return MathText(line).stretches.flatMap(\.text).filter { character in
      select(family, isSlanted: false, isBold: false, on: context)
      guard !Self.has(character, cairo_get_scaled_font(context)) else { return false }
      select(fallback(for: character, on: context), isSlanted: false, isBold: false, on: context)
      return !Self.has(character, cairo_get_scaled_font(context))
    }
  }

  /// Whether a font has a shape for a character: glyph 0 is the box for what it has not.
  private static func has(_ character: Character, _ font: OpaquePointer?) -> Bool {
    var glyphs: UnsafeMutablePointer<cairo_glyph_t>?
    var count: Int32 = 0
    let status = cairo_scaled_font_text_to_glyphs(
      font, 0, 0, String(character), -1, &glyphs, &count, nil, nil, nil)
    defer { cairo_glyph_free(glyphs) }
    guard status == CAIRO_STATUS_SUCCESS, let glyphs else { return true }
    return (0..<Int(count)).allSatisfy { glyphs[$0].index != 0 }
  }
}

/// Measures text with nothing to draw on.
final class CairoTextMeasure: TextMeasure {
  private let context: OpaquePointer
  private let font: CairoFont

  /// - Throws: `FigureError` where Cairo cannot start.
  init(_ theme: Theme) throws {
    let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
    defer { cairo_surface_destroy(surface) }
    guard let context = cairo_create(surface) else { throw FigureError("Cairo cannot start") }
    self.context = context
    font = CairoFont(family: theme.family)
    CairoFont.configure(context)
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw FigureError(
        "Cairo cannot measure text: \(String(cString: cairo_status_to_string(status)))")
    }
  }

  deinit { cairo_destroy(context) }

  func extents(of line: String, size: Double, isBold: Bool) -> TextExtents {
    font.extents(of: line, size: size, isBold: isBold, on: context)
  }

  /// The characters of a line that no installed font has.
  func missing(in line: String) -> [Character] { font.missing(in: line, on: context) }
}
