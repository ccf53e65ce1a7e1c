extension GridPlot: Plot {
  var summary: String { figures.count == 1 ? "grid of 1 panel" : "grid of \(figures.count) panels" }

  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    for panel in layout.panels {
      canvas.moved(x: panel.x, y: panel.y) { panel.figure.drawContent(panel.layout, on: canvas) }
    }
    if let bar = layout.colorBar, let map = figures.lazy.compactMap(\.heatmap).first {
      map.draw(bar, on: canvas)
    }
  }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    try GridLayout(plot: self, figure: figure, page: panel, measure: measure).placed()
  }
}

/// The layout of a grid: every panel by itself, then again with the space that its neighbours in
/// the row and the column take, so that their plots stand in line.
private struct GridLayout<Measure: TextMeasure> {
  let plot: GridPlot
  let figure: Figure
  let page: Panel
  let measure: Measure
  let columns: Int
  let spans: PanelSpans

  private static var gap: Double { 6 }
  private static var leastColumn: Double { 140 }

  init(plot: GridPlot, figure: Figure, page: Panel, measure: Measure) {
    self.plot = plot
    self.figure = figure
    self.page = page
    self.measure = measure
    let count = plot.figures.count
    let room = max(1, Int((page.width + Self.gap) / (Self.leastColumn + Self.gap)))
    // As square as the width lets it be: 1, 2, 3, 2 × 2, 3 + 2, 3 × 2, …
    let square = count <= 3 ? count : Int(Double(count).squareRoot().rounded(.up))
    columns = min(plot.columns ?? min(square, room), count)
    spans = plot.spans
  }

  private var rows: Int { (plot.figures.count + columns - 1) / columns }

  func placed() throws -> FigureLayout {
    let heading = Heading(figure, in: page, measure)
    guard let bar else { return try grid(heading, reserved: Insets()) }
    // How much the bar takes depends on its length, and that on what it takes.
    var reach = bar.reach(
      plot: Rectangle(x: 0, y: 0, width: page.width * 0.8, height: 150), measure)
    for _ in 0..<3 {
      var layout = try grid(heading, reserved: reach)
      let plots = layout.panels.map { $0.layout.plot.moved(x: $0.x, y: $0.y) }
      let plot = Rectangle.union(plots)
      let edge = layout.panels.map { $0.y + $0.layout.height }.max() ?? plot.maxY
      let needed = bar.reach(plot: plot, measure)
      let isEnough = reach.right >= needed.right && reach.bottom >= needed.bottom
      reach = reach.union(needed)
      guard isEnough else { continue }
      let (placed, texts) = bar.place(plot: plot, below: edge - ColorBar.gap, measure)
      layout.colorBar = placed
      layout.texts += texts
      return layout
    }
    throw FigureError("the colour bar of the grid leaves no room for its panels: make it larger")
  }

  /// The bar for all panels; nil where each has its own.
  private var bar: ColorBar? {
    guard let values = spans.values, let map = plot.figures.lazy.compactMap(\.heatmap).first else {
      return nil
    }
    return ColorBar(
      scale: AxisScale(limits: values, isLogarithmic: map.isLogarithmic), label: map.valueLabel,
      figureWidth: page.width,
      isVertical: page.width >= ColorBar.leastFigureWidth)
  }

  private func grid(_ heading: Heading, reserved: Insets) throws -> FigureLayout {
    let top = heading.height > 0 ? heading.bottom - PageStyle.margin : 0
    let width =
      (page.width - reserved.right - Double(columns - 1) * Self.gap) / Double(columns)
    var heights = try self.heights(width: width, top: top, reserved: reserved)
    var layouts = try plot.figures.indices.map { try layout($0, width, heights[$0 / columns]) }
    // Three rounds: what more space around a plot takes may cost its neighbour ticks.
    for _ in 0..<3 {
      let least = plot.figures.indices.map { shared(layouts.map(\.insets), at: $0) }
      let lengths = sharedLengths(layouts)
      heights = try self.heights(
        width: width, top: top, reserved: reserved, least: least, lengths: lengths)
      layouts = try plot.figures.indices.map {
        try layout($0, width, heights[$0 / columns], least: least[$0], lengths: lengths)
      }
    }
    var panels: [PlacedPanel] = []
    for (index, layout) in layouts.enumerated() {
      let (row, column) = (index / columns, index % columns)
      let above = heights[..<row].reduce(0) { $0 + $1 + Self.gap }
      panels.append(
        PlacedPanel(
          figure: plot.figures[index], layout: layout,
          x: Double(column) * (width + Self.gap), y: top + above))
    }
    let bottom = top + heights.reduce(0, +) + Double(rows - 1) * Self.gap
    var whole = FigureLayout(
      width: page.width, height: page.height ?? bottom + reserved.bottom,
      plot: Rectangle(x: 0, y: top, width: page.width, height: bottom - top), panels: panels)
    whole.texts = heading.texts(centeredAt: page.width / 2)
    return whole
  }

  /// The lengths of the shortest axes that are shared: ticks that have room there have it anywhere.
  private func sharedLengths(_ layouts: [FigureLayout]) -> (x: Double?, y: Double?) {
    (
      plot.shared.contains(.x) ? layouts.map(\.plot.width).min() : nil,
      plot.shared.contains(.y) ? layouts.map(\.plot.height).min() : nil
    )
  }

  /// The height of each row: what its tallest panel wants, or an equal share of what there is.
  private func heights(
    width: Double, top: Double, reserved: Insets, least: [Insets]? = nil,
    lengths: (x: Double?, y: Double?) = (nil, nil)
  ) throws -> [Double] {
    if let height = page.height {
      let room = height - top - reserved.bottom - Double(rows - 1) * Self.gap
      return Array(repeating: room / Double(rows), count: rows)
    }
    let natural = try plot.figures.indices.map {
      try layout($0, width, nil, least: least?[$0] ?? Insets(), lengths: lengths).height
    }
    return (0..<rows).map { row in
      natural[(row * columns)..<min((row + 1) * columns, natural.count)].max() ?? 0
    }
  }

  private func layout(
    _ index: Int, _ width: Double, _ height: Double?, least: Insets = Insets(),
    lengths: (x: Double?, y: Double?) = (nil, nil)
  ) throws -> FigureLayout {
    let figure = plot.figures[index]
    var panel = Panel(width: width, height: height, inch: page.inch, least: least)
    panel.letter = plot.hasLetters ? PlacedPanel.letter(index) : nil
    panel.spans = spans
    panel.hidesXLabels = plot.shared.contains(.x) && index + columns < plot.figures.count
    panel.hidesYLabels = plot.shared.contains(.y) && index % columns > 0
    panel.sharedLengths = lengths
    panel.hidesColorBar = spans.values != nil
    do {
      return try figure.content.plot.layout(of: figure, in: panel, measure)
    } catch let error as FigureError where error.lacksRoom {
      let (width, height) = (page.inches(page.width), page.height.map(page.inches))
      throw FigureError(
        "a grid \(width) inches wide" + (height.map { " and \($0) high" } ?? "")
          + " leaves no room for panel \(PlacedPanel.letter(index)) of \(plot.figures.count): make it "
          + "larger" + (plot.columns ?? 1 > 1 ? ", or give it fewer columns" : ""), lacksRoom: true)
    }
  }

  /// What the panels of a panel's row need above and below, and those of its column beside.
  private func shared(_ insets: [Insets], at index: Int) -> Insets {
    var result = Insets()
    for (other, inset) in insets.enumerated() {
      if other % columns == index % columns {
        // In a single column a colour bar of one panel is no reason to make the others narrow.
        let right = columns > 1 ? inset.right : 0
        result = result.union(Insets(left: inset.left, right: right))
      }
      if other / columns == index / columns {
        result = result.union(Insets(top: inset.top, bottom: inset.bottom))
      }
    }
    return result
  }
}
