internal import CCairo

/// A Cairo context in points, y downward: what every kind of output draws on.
final class Canvas {
  let context: OpaquePointer
  /// The pixels per point on which edges fall: the device's, or those of a fine printer where the
  /// device has none.
  let resolution: Double
  let theme: Theme
  let font: CairoFont
  /// Whether what is drawn is kept as shapes, each of which a reader of the file draws again.
  let isVector: Bool
  /// Whether any pixels were drawn.
  var hasImages = false
  private let poll: Poll
  private var stop: (any Error)?

  /// A canvas on `surface`, which stays its caller's.
  /// - Parameters:
  ///   - scale: the surface's units to the 72nd part of an inch.
  ///   - resolution: the pixels to a unit of the surface.
  ///   - isVector: whether the surface keeps shapes.
  ///   - poll: is called now and then, and stops the drawing by throwing.
  /// - Throws: `FigureError` where Cairo cannot draw on it.
  init(
    surface: OpaquePointer, scale: Double, resolution: Double = 1, theme: Theme,
    isVector: Bool = false, poll: @escaping Poll
  ) throws {
    guard let context = cairo_create(surface) else { throw FigureError("Cairo cannot start") }
    self.context = context
    self.theme = theme
    self.isVector = isVector
    self.poll = poll
    font = CairoFont(family: theme.family)
    let units = scale * theme.zoom
    self.resolution = units * resolution
    cairo_scale(context, units, units)
    CairoFont.configure(context)
    try check()
  }

  deinit { cairo_destroy(context) }

  /// Whether drawing is to stop: what takes long looks now and then and leaves the rest undrawn, as
  /// Cairo does after a failure. `check` throws why.
  var isStopped: Bool {
    if stop == nil {
      do { try poll() } catch { stop = error }
    }
    return stop != nil
  }

  /// - Throws: what `poll` threw, or `FigureError` with what went wrong in anything drawn so far.
  func check() throws {
    if let stop { throw stop }
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw FigureError("Cairo cannot draw: \(String(cString: cairo_status_to_string(status)))")
    }
  }

  func setColor(_ color: Color, opacity: Double = 1) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, opacity)
  }

  /// The nearest coordinate between two pixels.
  func snapped(_ coordinate: Double) -> Double { (coordinate * resolution).rounded() / resolution }

  /// The rectangle with its edges between pixels, one pixel at the least.
  func snapped(_ rectangle: Rectangle) -> Rectangle {
    let (x, y) = (snapped(rectangle.x), snapped(rectangle.y))
    return Rectangle(
      x: x, y: y, width: max(snapped(rectangle.maxX) - x, 1 / resolution),
      height: max(snapped(rectangle.maxY) - y, 1 / resolution))
  }

  func fill(_ rectangle: Rectangle, _ color: Color, opacity: Double = 1) {
    setColor(color, opacity: opacity)
    cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    cairo_fill(context)
  }

  /// A line along whole pixels, crisp at any resolution.
  func horizontalLine(from x: Double, to end: Double, y: Double, width: Double, _ color: Color) {
    let thickness = max((width * resolution).rounded(), 1) / resolution
    let top = snapped(y - thickness / 2)
    fill(Rectangle(x: x, y: top, width: end - x, height: thickness), color)
  }

  /// A line along whole pixels, crisp at any resolution.
  func verticalLine(from y: Double, to end: Double, x: Double, width: Double, _ color: Color) {
    let thickness = max((width * resolution).rounded(), 1) / resolution
    let left = snapped(x - thickness / 2)
    fill(Rectangle(x: left, y: y, width: thickness, height: end - y), color)
  }

  /// The rectangle's outline, its line centred on the edges.
  func outline(_ rectangle: Rectangle, width: Double, _ color: Color) {
    let half = max((width * resolution).rounded(), 1) / resolution / 2
    let (left, right) = (rectangle.x - half, rectangle.maxX + half)
    horizontalLine(from: left, to: right, y: rectangle.y, width: width, color)
    horizontalLine(from: left, to: right, y: rectangle.maxY, width: width, color)
    verticalLine(from: rectangle.y, to: rectangle.maxY, x: rectangle.x, width: width, color)
    verticalLine(from: rectangle.y, to: rectangle.maxY, x: rectangle.maxX, width: width, color)
  }

  /// Draws with the origin elsewhere, on a whole pixel.
  func moved(x: Double, y: Double, _ draw: () -> Void) {
    cairo_save(context)
    cairo_translate(context, snapped(x), snapped(y))
    draw()
    cairo_restore(context)
  }

  /// Draws with nothing outside `rectangle`.
  func clipped(to rectangle: Rectangle, _ draw: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    cairo_clip(context)
    draw()
    cairo_restore(context)
  }

  /// Stretches an image over `rectangle`, each of its pixels a plain cell.
  func draw(_ image: PixelImage, in rectangle: Rectangle) {
    hasImages = true
    var pixels = image.pixels
    pixels.withUnsafeMutableBytes { bytes in
      let surface = cairo_image_surface_create_for_data(
        bytes.bindMemory(to: UInt8.self).baseAddress, CAIRO_FORMAT_RGB24, Int32(image.width),
        Int32(image.height), Int32(image.width * 4))
      cairo_save(context)
      cairo_translate(context, rectangle.x, rectangle.y)
      cairo_scale(
        context, rectangle.width / Double(image.width), rectangle.height / Double(image.height))
      cairo_set_source_surface(context, surface, 0, 0)
      let pattern = cairo_get_source(context)
      cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST)
      // Without it the last cells fade into what lies outside the image.
      cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
      cairo_rectangle(context, 0, 0, Double(image.width), Double(image.height))
      cairo_fill(context)
      cairo_restore(context)
      cairo_surface_finish(surface)
      cairo_surface_destroy(surface)
    }
  }
}

/// Pixels as Cairo keeps them, `0xFFRRGGBB`, row by row.
struct PixelImage {
  let pixels: [UInt32]
  let width: Int
  let height: Int
}
