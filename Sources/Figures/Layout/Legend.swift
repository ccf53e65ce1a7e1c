/// What a legend lists.
struct LegendItem: Sendable {
  /// What stands before the words.
  enum Sample: Sendable, Equatable {
    /// The look of a series, by position.
    case series(Int)
    /// The look of a reference line, by position.
    case reference(Int)
    /// Points to compare with.
    case comparison(Int)
    /// The colour of cells without a value beside those of a map.
    case missing(ColorMap)
    /// The hatching of cells that are masked.
    case masked
    /// The frame around cells.
    case marked
    /// Nothing: the words are a remark.
    case none
  }

  let sample: Sample
  let name: String

  /// The remark that values could not be drawn; nil where all could.
  static func missing(_ count: Int, isLogarithmic: Bool) -> LegendItem? {
    guard count > 0 else { return nil }
    let values = count == 1 ? "1 value" : "\(count) values"
    return LegendItem(
      sample: .none, name: "\(values) missing\(isLogarithmic ? " or not above 0" : "")")
  }
}

/// The list of a plot's curves or series, and remarks on them.
struct Legend {
  /// One item as it is shown.
  struct Entry: Sendable {
    let sample: LegendItem.Sample
    let name: TextBlock
    /// The rectangle of the sample and the name.
    var rectangle: Rectangle
  }

  /// The legend at its place.
  struct Placed: Sendable {
    let rectangle: Rectangle
    let entries: [Entry]
    /// Whether anything stands before the names, so that remarks stand below them.
    let hasSamples: Bool
    /// Whether it stands on the plot, and wants a ground of its own.
    let isInside: Bool
    /// How many names could not be listed.
    let unlisted: Int
    /// What is said of them, as `and 3 more`; nil where there are none.
    let rest: PlacedText?
  }

  static let sampleWidth = 20.0
  static let sampleGap = 5.0
  static let padding = 4.0
  static let columnGap = 12.0
  /// The height of an entry of one line.
  static let rowHeight = 12.0

  let names: [(sample: LegendItem.Sample, block: TextBlock)]

  /// Names in at most `lines` lines of `nameWidth`.
  init(_ items: [LegendItem], nameWidth: Double, lines: Int, _ measure: some TextMeasure) {
    names = items.compactMap { item in
      TextBlock(
        fitting: item.name, width: nameWidth, sizes: [PageStyle.legendSize],
        most: lines, measure: measure
      ).map { (item.sample, $0) }
    }
  }

  /// Whether a name did not fit.
  var isCut: Bool { names.contains(where: \.block.isCut) }

  /// Whether anything stands before the names.
  private var hasSamples: Bool { names.contains { $0.sample != .none } }

  /// The width of the widest entry.
  var entryWidth: Double {
    Self.sampleWidth + Self.sampleGap + (names.map(\.block.width).max() ?? 0)
  }

  /// The size as one column.
  var columnSize: (width: Double, height: Double) {
    (entryWidth + 2 * Self.padding, height(columns: 1))
  }

  /// How many columns fit `width`.
  func columns(width: Double) -> Int {
    let room = (width + Self.columnGap) / (entryWidth + Self.columnGap)
    return max(1, min(names.count, Int(room)))
  }

  /// The width of so many columns with the space around them.
  func width(columns: Int) -> Double {
    Double(columns) * (entryWidth + Self.columnGap) - Self.columnGap + 2 * Self.padding
  }

  /// The height of all rows with the space around them.
  func height(columns: Int) -> Double {
    rowHeights(columns: columns).reduce(0, +) + 2 * Self.padding
  }

  /// The height of each row: of its name with the most lines.
  private func rowHeights(columns: Int) -> [Double] {
    stride(from: 0, to: names.count, by: columns).map { first in
      names[first..<min(first + columns, names.count)].map { name in
        Self.height(of: name.block)
      }.max() ?? 0
    }
  }

  /// From the top of an entry to the middle of its first line's capitals, where its sample is.
  static func middle(of name: TextBlock) -> Double {
    max(rowHeight / 2, name.ascent - TextBlock.capital * name.size / 2 + 1)
  }

  private static func height(of name: TextBlock) -> Double {
    let lines = Double(name.lines.count - 1) * name.lineHeight
    let below = name.height - name.ascent + TextBlock.capital * name.size / 2 + 1
    return middle(of: name) + max(rowHeight / 2 + lines, below)
  }

  /// The entries in `columns` from the top left corner of `rectangle`, as many rows as fit.
  func place(
    in rectangle: Rectangle, columns: Int, isInside: Bool, _ measure: some TextMeasure
  ) -> Placed {
    let inner = rectangle.inset(Self.padding)
    let heights = rowHeights(columns: columns)
    let tops = heights.reduce(into: [inner.y]) { tops, height in
      tops.append((tops.last ?? 0) + height)
    }
    let rows = max(1, tops.dropFirst().count { $0 <= inner.maxY + 1e-9 })
    let fitting = rows * columns
    let shown = names.count > fitting ? fitting - 1 : names.count
    func cell(_ index: Int) -> Rectangle {
      let row = index / columns
      return Rectangle(
        x: inner.x + Double(index % columns) * (entryWidth + Self.columnGap), y: tops[row],
        width: entryWidth, height: heights[row])
    }
    let entries = names.prefix(shown).enumerated().map { index, name in
      Entry(sample: name.sample, name: name.block, rectangle: cell(index))
    }
    var rest: PlacedText?
    if shown < names.count {
      let block = TextBlock(
        ["and \(names.count - shown) more"], size: PageStyle.legendSize, measure: measure)
      let place = cell(shown)
      let start = place.x + (hasSamples ? Self.sampleWidth + Self.sampleGap : 0)
      rest = PlacedText(
        name: "legendRest", block: block,
        rectangle: Rectangle(
          x: min(start, rectangle.maxX - block.width),
          y: place.y + Self.middle(of: block) + TextBlock.capital * block.size / 2 - block.ascent,
          width: block.width, height: block.height), alignment: .leading)
    }
    return Placed(
      rectangle: rectangle, entries: entries, hasSamples: hasSamples, isInside: isInside,
      unlisted: names.count - shown,
      rest: rest)
  }
}
