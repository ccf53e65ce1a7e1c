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

  /// How much of the page each column and row has, and what all panels keep free around their plots.
  private struct Arrangement: Equatable {
    var widths: [Double]
    /// Empty where each row has what its tallest panel wants.
    var heights: [Double]
    var least: [Insets]
    /// The lengths of the shortest axes that are shared: ticks that have room there have it anywhere.
    var sharedWidth: Double?
    var sharedHeight: Double?
  }

  private func grid(_ heading: Heading, reserved: Insets) throws -> FigureLayout {
    let top = heading.height > 0 ? heading.bottom - PageStyle.margin : 0
    let width = page.width - reserved.right - Double(columns - 1) * Self.gap
    let height = page.height.map { $0 - top - reserved.bottom - Double(rows - 1) * Self.gap }
    var arrangement = Arrangement(
      widths: Array(repeating: width / Double(columns), count: columns),
      heights: height.map { Array(repeating: $0 / Double(rows), count: rows) } ?? [],
      least: plot.figures.map { _ in Insets() })
    var (layouts, heights) = try panels(arrangement)
    // What more space around a plot takes may cost its neighbour ticks, so the panels are placed
    // again, until nothing changes or three times.
    for _ in 0..<3 {
      let next = arranged(layouts, after: arrangement, width: width, height: height)
      if next == arrangement { break }
      arrangement = next
      (layouts, heights) = try panels(arrangement)
    }
    let placed = plot.figures.indices.map { index in
      let (row, column) = (index / columns, index % columns)
      return PlacedPanel(
        name: name(of: index), figure: plot.figures[index], layout: layouts[index],
        x: arrangement.widths[..<column].reduce(0) { $0 + $1 + Self.gap },
        y: top + heights[..<row].reduce(0) { $0 + $1 + Self.gap })
    }
    let bottom = top + heights.reduce(0, +) + Double(rows - 1) * Self.gap
    var whole = FigureLayout(
      width: page.width, height: page.height ?? bottom + reserved.bottom,
      plot: Rectangle(x: 0, y: top, width: page.width, height: bottom - top), panels: placed)
    whole.texts = heading.texts(centeredAt: page.width / 2)
    return whole
  }

  private func name(of index: Int) -> String {
    plot.hasLetters ? PlacedPanel.letter(index) : "\(index + 1)"
  }

  /// The panels of a row.
  private func members(of row: Int) -> Range<Int> {
    (row * columns)..<min((row + 1) * columns, plot.figures.count)
  }

  /// The panels and the heights of their rows.
  private func panels(_ arrangement: Arrangement) throws -> ([FigureLayout], heights: [Double]) {
    var heights = arrangement.heights
    if heights.isEmpty {
      let natural = try plot.figures.indices.map {
        try layout($0, arrangement, height: nil).height
      }
      heights = (0..<rows).map { natural[members(of: $0)].max() ?? 0 }
      if !plot.shared.isDisjoint(with: [.x, .y]) {
        // What is shared is compared: no plot is higher than another.
        let around = (0..<rows).map { row in
          let insets = members(of: row).map { arrangement.least[$0] }
          return insets.reduce(Insets()) { $0.union($1) }
        }
        let plots = zip(heights, around).map { $0 - $1.top - $1.bottom }
        heights = around.map { $0.top + $0.bottom + (plots.min() ?? 0) }
      }
    }
    let layouts = try plot.figures.indices.map {
      try layout($0, arrangement, height: heights[$0 / columns])
    }
    return (layouts, heights)
  }

  /// The arrangement in which all plots are equally wide and, where the height is given, equally
  /// high, around what the panels keep free.
  private func arranged(
    _ layouts: [FigureLayout], after last: Arrangement, width: Double, height: Double?
  ) -> Arrangement {
    let insets = layouts.map { $0.isInLine ? $0.insets : Insets() }
    func union(_ isSame: (Int) -> Bool) -> Insets {
      insets.indices.filter(isSame).reduce(Insets()) { $0.union(insets[$1]) }
    }
    let (across, down) = (
      (0..<columns).map { column in union { $0 % columns == column } },
      (0..<rows).map { row in union { $0 / columns == row } }
    )
    var next = last
    next.least = insets.indices.map { index in
      // In a single column a colour bar of one panel is no reason to make the others narrow.
      Insets(
        left: across[index % columns].left, right: columns > 1 ? across[index % columns].right : 0,
        top: down[index / columns].top, bottom: down[index / columns].bottom)
    }
    if columns > 1 {
      let taken = across.map { $0.left + $0.right }
      next.widths = taken.map { $0 + (width - taken.reduce(0, +)) / Double(columns) }
    }
    if let height {
      let taken = down.map { $0.top + $0.bottom }
      next.heights = taken.map { $0 + (height - taken.reduce(0, +)) / Double(rows) }
    }
    if plot.shared.contains(.x) {
      next.sharedWidth = (layouts.map(\.plot.width) + [last.sharedWidth].compactMap(\.self)).min()
    }
    if plot.shared.contains(.y) {
      next.sharedHeight =
        (layouts.map(\.plot.height) + [last.sharedHeight].compactMap(\.self)).min()
    }
    return next
  }

  private func layout(
    _ index: Int, _ arrangement: Arrangement, height: Double?
  ) throws -> FigureLayout {
    let figure = plot.figures[index]
    var panel = Panel(
      width: arrangement.widths[index % columns], height: height, inch: page.inch,
      least: arrangement.least[index])
    panel.letter = plot.hasLetters ? PlacedPanel.letter(index) : nil
    panel.spans = spans
    panel.hidesXLabels = plot.shared.contains(.x) && index + columns < plot.figures.count
    panel.hidesYLabels = plot.shared.contains(.y) && index % columns > 0
    panel.sharedLengths = (arrangement.sharedWidth, arrangement.sharedHeight)
    panel.hidesColorBar = spans.values != nil
    do {
      return try figure.content.plot.layout(of: figure, in: panel, measure)
    } catch let error as FigureError where error.lacksRoom {
      let (width, height) = (page.inches(page.width), page.height.map(page.inches))
      throw FigureError(
        "a grid \(width) inches wide" + (height.map { " and \($0) high" } ?? "")
          + " leaves no room for panel \(name(of: index)) of \(plot.figures.count): make it larger"
          + (plot.columns ?? 1 > 1 ? ", or give it fewer columns" : ""), lacksRoom: true)
    }
  }
}
