/// Figures side by side, each named by a letter.
public struct GridPlot: Sendable {
  /// What panels can have in common.
  public enum Shared: String, Sendable, CaseIterable {
    /// The horizontal axes, labelled in the lowest panel of each column.
    case x
    /// The vertical axes, labelled in the first panel of each row.
    case y
    /// What the colours of heatmaps stand for, in one colour bar.
    case colors
  }

  /// The panels, row by row.
  public let figures: [Figure]
  /// How many stand side by side; nil suits the width.
  public let columns: Int?
  /// What they share.
  public let shared: Set<Shared>
  /// Whether letters name them.
  public let hasLetters: Bool

  /// A grid of `figures`.
  /// - Throws: `FigureError` for no figures or more than a hundred, no columns, a grid inside the
  ///   grid, or panels that cannot have in common what they are to share.
  public init(
    figures: [Figure], columns: Int? = nil, shared: Set<Shared> = [], hasLetters: Bool = true
  ) throws {
    guard !figures.isEmpty else { throw FigureError("a grid needs at least one figure") }
    guard figures.count <= Self.mostPanels else {
      throw FigureError("a grid has at most \(Self.mostPanels) panels, not \(figures.count)")
    }
    if let columns, columns < 1 {
      throw FigureError("a grid has at least 1 column, not \(columns)")
    }
    for figure in figures {
      if case .grid = figure.content { throw FigureError("a grid cannot hold a grid") }
    }
    self.figures = try Self.alike(figures, shared)
    self.columns = columns
    self.shared = shared
    self.hasLetters = hasLetters && figures.count > 1
    for axis in [Shared.x, .y] where shared.contains(axis) {
      try Self.check(figures.map { SharedAxis($0, axis) }, axis)
    }
    if shared.contains(.colors) { try Self.checkColors(figures) }
  }

  private static let mostPanels = 100

  /// The figures with the labels of what they share, which some may lack.
  /// - Throws: `FigureError` where two have labels or limits that are not the same.
  private static func alike(_ figures: [Figure], _ shared: Set<Shared>) throws -> [Figure] {
    var figures = figures
    if shared.contains(.x) {
      let label = try common(figures.map(\.xLabel), but: "", "labels of the horizontal axis")
      _ = try common(figures.map(\.xLimits), but: .automatic, "limits of the horizontal axis")
      for index in figures.indices { figures[index].xLabel = label }
    }
    if shared.contains(.y) {
      let label = try common(figures.map(\.yLabel), but: "", "labels of the vertical axis")
      _ = try common(figures.map(\.yLimits), but: .automatic, "limits of the vertical axis")
      for index in figures.indices { figures[index].yLabel = label }
    }
    if shared.contains(.colors) {
      let maps = figures.compactMap(\.heatmap)
      let label = try common(maps.map(\.valueLabel), but: "", "labels of the colours")
      _ = try common(maps.map(\.range), but: .automatic, "limits of the colours")
      for index in figures.indices {
        guard case .heatmap(var map) = figures[index].content else { continue }
        map.valueLabel = label
        figures[index].content = .heatmap(map)
      }
    }
    return figures
  }

  /// What all have that do not have `nothing`.
  private static func common<Part: Equatable>(
    _ parts: [Part], but nothing: Part, _ what: String
  ) throws -> Part {
    let given = parts.filter { $0 != nothing }
    guard let first = given.first else { return nothing }
    if let other = given.first(where: { $0 != first }) {
      throw FigureError("panels that share have the same \(what), not \(first) and \(other)")
    }
    return first
  }

  /// What a panel has along an axis that it is to share.
  private struct SharedAxis {
    let summary: String
    let hasNumbers: Bool
    /// What stands along an axis that has no numbers.
    let places: [String]?
    let isLogarithmic: Bool
    let isReversed: Bool

    init(_ figure: Figure, _ axis: Shared) {
      let spans = figure.content.plot.spans(of: figure)
      let isX = axis == .x
      summary = figure.summary
      hasNumbers = (isX ? spans.x : spans.y) != nil
      places = isX ? spans.xPlaces : spans.yPlaces
      isLogarithmic = isX ? spans.isLogarithmic.x : spans.isLogarithmic.y
      isReversed = isX ? spans.isReversed.x : spans.isReversed.y
    }
  }

  private static func check(_ panels: [SharedAxis], _ axis: Shared) throws {
    let what = axis == .x ? "horizontal" : "vertical"
    for (index, one) in panels.enumerated() {
      guard one.hasNumbers || one.places != nil else {
        throw FigureError(
          "panel \(PlacedPanel.letter(index)) has no \(what) axis to share: it is a \(one.summary)")
      }
      func refuse(_ reason: String) -> FigureError {
        FigureError(
          "panels a and \(PlacedPanel.letter(index)) cannot share a \(what) axis: \(reason)")
      }
      if one.hasNumbers != panels[0].hasNumbers {
        throw refuse("one has numbers, the other places that are named or counted")
      }
      if one.places != panels[0].places {
        throw refuse("not the same stands along it")
      }
      if one.isLogarithmic != panels[0].isLogarithmic { throw refuse("one is logarithmic") }
      if one.isReversed != panels[0].isReversed { throw refuse("one runs backward") }
    }
  }

  private static func checkColors(_ figures: [Figure]) throws {
    let maps = figures.compactMap(\.heatmap)
    guard let first = maps.first else {
      throw FigureError("no panel has colours to share: none is a heatmap")
    }
    for map in maps {
      func refuse(_ what: String) -> FigureError {
        FigureError("panels that share colours have the same \(what)")
      }
      if map.colors != first.colors {
        throw refuse("colour map, not \(first.colors.rawValue) and \(map.colors.rawValue)")
      }
      if map.isLogarithmic != first.isLogarithmic {
        throw refuse("scale: one is logarithmic")
      }
      if map.center != first.center { throw refuse("center") }
    }
  }

  /// What a panel is given of what is shared.
  var spans: PanelSpans {
    let all = figures.map { $0.content.plot.spans(of: $0) }
    func union(_ path: KeyPath<PanelSpans, ClosedRange<Double>?>, _ shared: Shared)
      -> ClosedRange<Double>?
    {
      self.shared.contains(shared) ? .union(all.compactMap { $0[keyPath: path] }) : nil
    }
    var values = union(\.values, .colors)
    // The center stays in the middle.
    if let center = figures.lazy.compactMap(\.heatmap).first?.center, let range = values {
      let reach = max(range.upperBound - center, center - range.lowerBound)
      values = (center - reach)...(center + reach)
    }
    var spans = PanelSpans()
    (spans.x, spans.y, spans.values) = (union(\.x, .x), union(\.y, .y), values)
    spans.isWhole = all.allSatisfy(\.isWhole)
    return spans
  }
}

extension Figure {
  /// The heatmap that the figure shows; nil for another kind.
  var heatmap: Heatmap? {
    if case .heatmap(let map) = content { map } else { nil }
  }
}
