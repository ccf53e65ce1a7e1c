internal import CCairo
import Synchronization

/// One cut of a family of type.
struct Face: Hashable {
  var family: String
  var isSlanted = false
  var isBold = false
}

/// The type of a theme, measured and drawn by Cairo.
struct CairoFont {
  let family: String

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
    MathSetting(font: self, size: size, isBold: isBold, context: context).line(line).extents
  }

  /// Draws a line of text from the origin `x`, `y` on its baseline.
  func draw(
    _ line: String, size: Double, isBold: Bool, x: Double, y: Double, on context: OpaquePointer
  ) {
    let line = MathSetting(font: self, size: size, isBold: isBold, context: context).line(line)
    for letters in line.letters {
      Self.select(letters.face, on: context)
      cairo_set_font_size(context, letters.size)
      cairo_move_to(context, x + letters.x, y - letters.y)
      cairo_show_text(context, letters.text)
    }
    cairo_new_path(context)
    for rule in line.rules {
      cairo_rectangle(
        context, x + rule.x, y - rule.y - rule.thickness / 2, rule.width, rule.thickness)
      cairo_fill(context)
    }
  }

  /// The size of letters that all have one face.
  func extents(
    of text: String, in face: Face, size: Double, on context: OpaquePointer
  ) -> TextExtents {
    Self.select(face, on: context)
    cairo_set_font_size(context, size)
    var raw = cairo_text_extents_t()
    cairo_text_extents(context, text, &raw)
    return TextExtents(
      advance: raw.x_advance, left: raw.x_bearing, right: raw.x_bearing + raw.width,
      ascent: -raw.y_bearing, descent: raw.y_bearing + raw.height)
  }

  private static func select(_ face: Face, on context: OpaquePointer) {
    cairo_select_font_face(
      context, face.family, face.isSlanted ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
      face.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
  }

  /// A text in pieces of one face each.
  func pieces(
    of text: String, in face: Face, on context: OpaquePointer
  ) -> [(text: String, face: Face)] {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return [(text, face)] }
    var pieces: [(text: String, face: Face)] = []
    for character in text {
      let face = Self.choice(for: character, in: face, on: context).face
      if pieces.last?.face == face {
        pieces[pieces.count - 1].text.append(character)
      } else {
        pieces.append((String(character), face))
      }
    }
    return pieces
  }

  /// The characters of a line that no font has.
  func missing(in line: String, on context: OpaquePointer) -> [Character] {
    guard line.utf8.contains(where: { $0 >= 0x80 }) else { return [] }
    let setting = MathSetting(font: self, size: 8, isBold: false, context: context)
    return setting.line(line).letters.flatMap { letters in
      letters.text.filter { Self.choice(for: $0, in: letters.face, on: context).isMissing }
    }
  }

  // MARK: Letters that a face lacks

  /// What stands in first for letters that a family lacks.
  private static let fallback = "DejaVu Sans"

  /// The face that a character is drawn in where another is wanted.
  private struct Choice {
    let face: Face
    /// Whether it stands for the character with a box, as no font has it.
    var isMissing = false
  }

  private struct Wish: Hashable {
    let character: Character
    let face: Face
  }

  /// What was chosen so far: asking a font takes long beside measuring.
  private static let choices = Mutex<[Wish: Choice]>([:])

  /// Whether any letter was looked for in this process that no font has.
  static var lacksAny: Bool { choices.withLock { $0.values.contains(where: \.isMissing) } }

  private static func choice(
    for character: Character, in face: Face, on context: OpaquePointer
  ) -> Choice {
    let wish = Wish(character: character, face: face)
    if let known = choices.withLock({ $0[wish] }) { return known }
    let choice = search(character, face, on: context)
    choices.withLock { $0[wish] = choice }
    return choice
  }

  /// The face itself, then DejaVu, each upright where it must be, then any font there is.
  private static func search(
    _ character: Character, _ face: Face, on context: OpaquePointer
  ) -> Choice {
    var upright = face
    upright.isSlanted = false
    let near = [face, upright].flatMap { face in
      var other = face
      other.family = fallback
      return [face, other]
    }
    for face in near + [Face(family: fallback)] {
      select(face, on: context)
      if has(character, cairo_get_scaled_font(context)) { return Choice(face: face) }
    }
    if let face = FallbackFont.face(for: character) { return Choice(face: face) }
    return Choice(face: Face(family: fallback), isMissing: true)
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
