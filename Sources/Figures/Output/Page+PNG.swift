extension Page {
  /// The most pixels on one side.
  public static let mostPixels = 20_000
  /// The most pixels of one figure: 400 MB while it is drawn.
  private static let mostPixelsInAll = 100_000_000

  /// The figure as a PNG file: 8-bit sRGB with its resolution and `metadata`, without a date, so
  /// that the same figure gives the same bytes.
  ///
  /// - Parameters:
  ///   - dpi: the pixels per inch.
  ///   - metadata: keywords of at most 79 Latin-1 characters with their texts.
  ///   - poll: is called now and then, and stops the drawing by throwing.
  /// - Throws: `FigureError` for too many pixels, or a keyword that PNG does not take; what `poll`
  ///   throws.
  public func png(
    dpi: Int = Figure.defaultDPI, metadata: [(keyword: String, text: String)] = [],
    poll: @escaping Poll = {}
  ) throws -> [UInt8] {
    try PNGFile(image: image(dpi: dpi, poll: poll), dpi: dpi, metadata: metadata).bytes()
  }

  /// The figure's pixels.
  /// - Throws: `FigureError` as `png` does.
  package func image(dpi: Int, poll: @escaping Poll = {}) throws -> CairoImage {
    guard (1...4800).contains(dpi) else {
      throw FigureError("a resolution is 1 to 4800 dots per inch, not \(dpi)")
    }
    let inch = 72 / theme.zoom
    try checkPixels(layout.width / inch, dpi: dpi, name: "wide")
    try checkPixels(layout.height / inch, dpi: dpi, name: "high")
    let scale = Double(dpi) / inch
    let size = (
      width: max(1, Int((layout.width * scale).rounded())),
      height: max(1, Int((layout.height * scale).rounded()))
    )
    guard size.width * size.height <= Self.mostPixelsInAll else {
      throw FigureError(
        "a figure of \(size.width) x \(size.height) pixels is too large: "
          + "use fewer dots per inch than \(dpi)")
    }
    let image = try CairoImage(width: size.width, height: size.height)
    let canvas = try Canvas(
      surface: image.surface, scale: Double(dpi) / 72, theme: theme, poll: poll)
    try figure.draw(layout, on: canvas)
    return image
  }

  private func checkPixels(_ inches: Double, dpi: Int, name: String) throws {
    guard inches * Double(dpi) <= Double(Self.mostPixels) else {
      throw FigureError(
        "a figure \((inches * 100).rounded() / 100) inches \(name) at \(dpi) dots per inch has more than "
          + "\(Self.mostPixels) pixels: use fewer")
    }
  }
}
