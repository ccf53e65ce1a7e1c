extension Figure {
  /// Widths in inches to draw at, the page's first: the narrower, the larger are letters in a
  /// picture of the same pixels.
  private static let terminalWidths = [defaultWidth, 5, 4, 3.4]
  /// The dots per inch from which letters can be read.
  private static let readableDPI = 80
  private static let mostTerminalDPI = 200
  /// Half blocks are drawn larger and shrunk: a line is then as faint as it is thin.
  private static let blockOversampling = 3
  /// The inches that a figure in half blocks is drawn for.
  private static let blockWidth = 5.0
  /// The most columns of half blocks to each of their rows.
  private static let widestBlocks = 3

  /// The figure as text for a terminal, in as much of the area as its shape takes, its lines ended.
  ///
  /// - Throws: `FigureError` where the area leaves no room for the figure; what `poll` throws.
  public func terminalText(
    _ graphics: TerminalGraphics, in area: TerminalArea, poll: @escaping Poll = {}
  ) throws -> String {
    switch graphics {
    case .kitty, .iterm:
      let (image, dpi) = try image(fitting: area.columns * area.cellWidth, area.pixelHeight, poll)
      let png = try PNGFile(image: image, dpi: dpi, metadata: []).bytes()
      let columns = min(area.columns, (image.width + area.cellWidth - 1) / area.cellWidth)
      let isKitty = graphics == .kitty
      return
        (isKitty
        ? InlineImages.kitty(png, columns: columns) : InlineImages.iterm(png, columns: columns))
        + "\n"
    case .sixel:
      let (image, _) = try image(fitting: area.columns * area.cellWidth, area.pixelHeight, poll)
      return Sixels.text(try image.grid()) + "\n"
    case .blocks:
      let image = try blockImage(columns: area.columns, rows: area.rows * 2, poll)
      return HalfBlocks.text(try image.grid().shrunk(by: Self.blockOversampling))
    }
  }

  /// The figure for so many large pixels. They are few: it fills the height and what suits that of
  /// the width, whatever shape it has on a page.
  private func blockImage(columns: Int, rows: Int, _ poll: @escaping Poll) throws -> CairoImage {
    let factor = Self.blockOversampling
    let width = min(columns, rows * Self.widestBlocks)
    let dpi = max(1, Int(Double(width * factor) / Self.blockWidth))
    let inches = (Double(width * factor) / Double(dpi), Double(rows * factor) / Double(dpi))
    do {
      return try page(width: inches.0, height: inches.1).image(dpi: dpi, poll: poll)
    } catch is FigureError {
      return try image(fitting: columns * factor, rows * factor, poll).0
    }
  }

  /// The figure in at most so many pixels: at the first width that lets letters be read, else at
  /// the narrowest that has room for the plot.
  private func image(fitting width: Int, _ height: Int, _ poll: @escaping Poll) throws -> (
    CairoImage, dpi: Int
  ) {
    var best: (page: Page, dpi: Int)?
    var failure: (any Error)?
    for inches in Self.terminalWidths {
      do {
        let page = try page(width: inches)
        let dpi = min(Double(width) / inches, Double(height) / page.layout.height * 72)
        best = (page, min(Self.mostTerminalDPI, Int(dpi)))
        if Int(dpi) >= Self.readableDPI { break }
      } catch {
        failure = failure ?? error
      }
    }
    guard let best else { throw failure ?? FigureError("the figure has no layout") }
    guard best.dpi >= 1 else {
      throw FigureError("\(width) x \(height) pixels leave no room for the figure")
    }
    return (try best.page.image(dpi: best.dpi, poll: poll), best.dpi)
  }
}

extension TerminalArea {
  fileprivate var pixelHeight: Int { rows * cellHeight }
}

extension CairoImage {
  /// The image's pixels.
  /// - Throws: as `rgb`.
  package func grid() throws -> PixelGrid {
    PixelGrid(width: width, height: height, bytes: try rgb())
  }
}
