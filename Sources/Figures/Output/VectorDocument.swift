internal import CCairo

/// What Cairo has written so far of a document without pixels.
struct VectorDocument {
  private(set) var bytes: [UInt8] = []
  private var hasImages = false

  /// Images in a document are as fine as this, the coarser ones where the document is larger than
  /// `mostBytes` with the finer: dots per inch.
  private static let resolutions = [600.0, 300, 225, 150, 100]
  /// Publishers and repositories refuse large figures.
  private static let mostBytes = 2_000_000

  /// Makes a surface of a width and a height in points that writes to a stream.
  typealias Maker =
    @Sendable (
      cairo_write_func_t?, UnsafeMutableRawPointer?, _ width: Double, _ height: Double
    ) -> OpaquePointer?

  /// The figure as one document.
  /// - Parameter prepare: is given the surface before anything is drawn.
  static func bytes(
    of page: Page, poll: @escaping Poll,
    on maker: @escaping Maker,
    prepare: @escaping @Sendable (OpaquePointer) -> Void = { _ in }
  ) throws -> [UInt8] {
    try LeftBehind.run(poll: poll) { poll in
      try bytes(of: page, poll: poll, on: maker, prepare)
    }
  }

  private static func bytes(
    of page: Page, poll: @escaping Poll,
    on maker: @escaping Maker, _ prepare: (OpaquePointer) -> Void
  ) throws -> [UInt8] {
    var last: [UInt8] = []
    for resolution in resolutions {
      let document = try VectorDocument(page, resolution, poll, maker, prepare)
      last = document.bytes
      if last.count <= mostBytes || !document.hasImages { break }
    }
    return last
  }

  private init(
    _ page: Page, _ resolution: Double, _ poll: @escaping Poll, _ maker: Maker,
    _ prepare: (OpaquePointer) -> Void
  ) throws {
    let (layout, theme) = (page.layout, page.theme)
    try withUnsafeMutablePointer(to: &self) { document in
      let surface = maker(
        { document, bytes, count in
          guard let document, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
          document.assumingMemoryBound(to: VectorDocument.self).pointee.bytes.append(
            contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, document, layout.width * theme.zoom, layout.height * theme.zoom)
      guard let surface else { throw FigureError("Cairo cannot start") }
      defer { cairo_surface_destroy(surface) }
      prepare(surface)
      let canvas = try Canvas(
        surface: surface, scale: 1, resolution: resolution / 72, theme: theme, isVector: true,
        poll: poll)
      try page.figure.draw(layout, on: canvas)
      document.pointee.hasImages = canvas.hasImages
      cairo_surface_finish(surface)
      try poll()
      let status = cairo_surface_status(surface)
      guard status == CAIRO_STATUS_SUCCESS else {
        throw FigureError(
          "Cairo cannot write the figure: \(String(cString: cairo_status_to_string(status)))")
      }
    }
  }
}
