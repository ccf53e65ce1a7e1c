internal import CCairo

/// The font of all figures, measured and drawn by Cairo.
enum CairoFont {
  /// The family; fontconfig finds the nearest where it is not installed.
  private static let family = "DejaVu Sans"

  /// Chooses the font at a size in points, unhinted so that its metrics do not depend on the
  /// resolution.
  static func select(on context: OpaquePointer, size: Double) {
    cairo_select_font_face(context, family, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, size)
  }

  /// Sets how glyphs are drawn, once for a context.
  static func configure(_ context: OpaquePointer) {
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  static func extents(of line: String, on context: OpaquePointer) -> TextExtents {
    var raw = cairo_text_extents_t()
    cairo_text_extents(context, line, &raw)
    return TextExtents(
      advance: raw.x_advance, left: raw.x_bearing, right: raw.x_bearing + raw.width,
      ascent: -raw.y_bearing, descent: raw.y_bearing + raw.height)
  }
}

/// Measures text with nothing to draw on.
final class CairoTextMeasure: TextMeasure {
  private let context: OpaquePointer

  /// - Throws: `FigureError` where Cairo cannot start.
  init() throws {
    let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
    defer { cairo_surface_destroy(surface) }
    guard let context = cairo_create(surface) else { throw FigureError("Cairo cannot start") }
    self.context = context
    CairoFont.configure(context)
    CairoFont.select(on: context, size: 8)
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw FigureError(
        "Cairo cannot measure text: \(String(cString: cairo_status_to_string(status)))")
    }
  }

  deinit { cairo_destroy(context) }

  func extents(of line: String, size: Double) -> TextExtents {
    CairoFont.select(on: context, size: size)
    return CairoFont.extents(of: line, on: context)
  }
}
