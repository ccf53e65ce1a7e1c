internal import CCairo

extension Figure {
  /// The figure as an SVG document, its letters as shapes, without a date.
  ///
  /// - Parameters:
  ///   - width: the width in inches.
  ///   - height: the height in inches; nil takes what suits the content.
  /// - Throws: `FigureError` for a size that is not positive or too small for the labels.
  public func svg(width: Double = Figure.defaultWidth, height: Double? = nil) throws -> String {
    let layout = try layout(width: width, height: height)
    var document = Document()
    try withUnsafeMutablePointer(to: &document) { document in
      let surface = cairo_svg_surface_create_for_stream(
        { document, bytes, count in
          guard let document, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
          document.assumingMemoryBound(to: Document.self).pointee.bytes.append(
            contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, document, layout.width, layout.height)
      guard let surface else { throw FigureError("Cairo cannot start") }
      defer { cairo_surface_destroy(surface) }
      try draw(layout, on: try Canvas(surface: surface, scale: 1))
      cairo_surface_finish(surface)
    }
    return Self.renumbered(String(decoding: document.bytes, as: UTF8.self))
  }

  /// The same document whatever was drawn before it: Cairo numbers the surfaces of a whole process.
  private static func renumbered(_ text: String) -> String {
    var numbers: [Substring: Int] = [:]
    return text.replacing(/surface(\d+)/) { match in
      let number = numbers[match.output.1] ?? numbers.count + 1
      numbers[match.output.1] = number
      return "surface\(number)"
    }
  }
}

/// What Cairo has written so far.
private struct Document {
  var bytes: [UInt8] = []
}
