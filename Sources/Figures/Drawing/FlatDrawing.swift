internal import CCairo

extension Canvas {
  /// Draws what has too many shapes for a document as one picture of `rectangle`, as fine as the
  /// document's images; on pixels it is drawn as it is.
  func drawFlat(_ rectangle: Rectangle, _ draw: (Canvas) -> Void) {
    guard isVector else { return draw(self) }
    let area = snapped(rectangle)
    guard let picture = picture(of: area, draw) else { return }
    if !isStopped { paint(picture, at: (area.x, area.y)) }
    cairo_surface_destroy(picture)
  }

  /// A small drawing that is made once and laid down many times.
  final class Stamp {
    fileprivate let surface: OpaquePointer
    fileprivate let radius: Double

    fileprivate init(surface: OpaquePointer, radius: Double) {
      self.surface = surface
      self.radius = radius
    }

    deinit { cairo_surface_destroy(surface) }
  }

  /// A stamp of what is drawn within `radius` of the origin; nil where Cairo fails.
  func stamp(radius: Double, _ draw: (Canvas) -> Void) -> Stamp? {
    // Whole pixels on both sides, so that the origin lies between two of them.
    let radius = (radius * resolution).rounded(.up) / resolution
    let area = Rectangle(x: -radius, y: -radius, width: 2 * radius, height: 2 * radius)
    return picture(of: area, draw).map { Stamp(surface: $0, radius: radius) }
  }

  /// Lays a stamp down, its origin at a place between pixels.
  func draw(_ stamp: Stamp, at place: Point) {
    paint(stamp.surface, at: (place.x - stamp.radius, place.y - stamp.radius))
  }

  /// What is drawn in `area`, on a transparent ground, in the pixels of this canvas.
  private func picture(of area: Rectangle, _ draw: (Canvas) -> Void) -> OpaquePointer? {
    let size = (
      width: Int32((area.width * resolution).rounded()),
      height: Int32((area.height * resolution).rounded())
    )
    guard
      let surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, size.width, size.height),
      let canvas = try? Canvas(
        surface: surface, scale: resolution / theme.zoom, theme: theme,
        poll: { [self] in
          if isStopped { throw FigureError("stopped") }
        })
    else { return nil }
    cairo_translate(canvas.context, -area.x, -area.y)
    draw(canvas)
    cairo_surface_flush(surface)
    return surface
  }

  /// Paints pixels of this canvas' size with their corner at a place.
  private func paint(_ pixels: OpaquePointer, at place: Point) {
    hasImages = true
    cairo_save(context)
    cairo_translate(context, place.x, place.y)
    cairo_scale(context, 1 / resolution, 1 / resolution)
    cairo_set_source_surface(context, pixels, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_paint(context)
    cairo_restore(context)
  }
}
