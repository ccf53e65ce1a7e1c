extension TablePlot: Plot {
  var summary: String { "table of \(rows.count) × \(columns.count)" }

  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    for rule in layout.rules {
      canvas.horizontalLine(
        from: rule.x, to: rule.end, y: rule.y, width: rule.width, canvas.theme.ink)
    }
  }

  private static let sizes = [8.5, 8, 7.5, 7, 6.5, 6]
  private static let heavy = 0.9
  private static let light = 0.5
  private static let columnGap = 10.0
  private static let mostColumnGap = 36.0
  /// From one baseline to the next, as a share of the type's size.
  private static let leading = 1.5

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let room = panel.width - 2 * PageStyle.margin
    let all = ([columns] + rows).map { $0.map(TextBlock.line) }
    func widths(_ size: Double) -> [Double] {
      columns.indices.map { column in
        all.map { measure.extents(of: $0[column], size: size).width }.max() ?? 0
      }
    }
    let gaps = Double(columns.count - 1)
    func total(_ size: Double) -> Double {
      widths(size).reduce(0, +) + gaps * Self.columnGap * size / 8
    }
    guard let size = Self.sizes.first(where: { total($0) <= room }) else {
      let inches =
        panel.inches(
          total(Self.sizes[Self.sizes.count - 1]) + 2 * PageStyle.margin)
      throw FigureError(
        "the table of \(columns.count) columns needs \(inches) inches of width: make it wider, or "
          + "leave columns out")
    }
    let widths = widths(size)
    let least = Self.columnGap * size / 8
    let gap =
      gaps == 0
      ? 0 : min(Self.mostColumnGap, max(least, (room - widths.reduce(0, +)) / gaps))
    let width = widths.reduce(0, +) + gaps * gap
    let left = (panel.width - width) / 2
    var layout = FigureLayout(
      width: panel.width, height: 0, plot: Rectangle(x: left, y: 0, width: width, height: 0))
    let heading = Heading(figure, in: panel, measure)
    layout.texts = heading.texts(centeredAt: panel.width / 2)
    let top = heading.bottom
    var y = top
    let step = size * Self.leading
    func rule(_ width: Double) {
      layout.rules.append(PlacedRule(x: left, end: left + layout.plot.width, y: y, width: width))
    }
    rule(Self.heavy)
    y += 2.5
    let half = TextBlock.capital * size / 2
    for (row, cells) in all.enumerated() {
      let blocks = cells.map { TextBlock([$0], size: size, measure: measure) }
      // Formulas may be higher than the row.
      let above = max(step / 2, (blocks.map(\.ascent).max() ?? 0) - half + 1)
      let below = max(step / 2, (blocks.map(\.descent).max() ?? 0) + half + 1)
      let baseline = y + above + half
      var x = left
      for (column, (cell, block)) in zip(cells, blocks).enumerated() {
        let slack = isNumeric[column] ? widths[column] - block.width : 0
        if !cell.isEmpty {
          layout.labels.append(
            PlacedText(
              name: "cell \(row) \(column)", block: block,
              rectangle: Rectangle(
                x: x + slack, y: baseline - block.ascent, width: block.width,
                height: block.height), alignment: .leading))
        }
        x += widths[column] + gap
      }
      y += above + below
      if row == 0 {
        y += 1.5
        rule(Self.light)
        y += 2
      }
    }
    y += 2
    rule(Self.heavy)
    let bottom = y + Self.heavy + PageStyle.margin
    if let height = panel.height, height < bottom {
      throw FigureError(
        "the table of \(rows.count) rows needs \(panel.inches(bottom)) inches of height"
      )
    }
    return FigureLayout(
      width: panel.width, height: panel.height ?? bottom,
      plot: Rectangle(x: left, y: top, width: width, height: y - top), texts: layout.texts,
      labels: layout.labels, rules: layout.rules, isInLine: false)
  }
}
