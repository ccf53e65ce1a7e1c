extension Heatmap: Plot {
  var summary: String { "heatmap of \(rows) × \(columns)" }

  func spans(of figure: Figure) -> PanelSpans {
    var spans = PanelSpans()
    spans.values = limits
    spans.xPlaces = columnNames ?? (firstColumn..<firstColumn + columns).map(String.init)
    spans.yPlaces = rowNames ?? (0..<rows).map(String.init)
    return spans
  }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let xPlan = axis(
      count: columns, first: firstColumn, names: columnNames, panel, isHorizontal: true)
    let yPlan = axis(count: rows, first: 0, names: rowNames, panel, isHorizontal: false)
    let plotHeight = max(plotHeight(width: panel.width), yPlan.lengthForNames(measure))
    let scale = AxisScale(
      limits: panel.spans.values ?? limits, isLogarithmic: isLogarithmic)
    let bar = ColorBar(
      scale: scale, label: valueLabel, figureWidth: panel.width,
      isVertical: panel.width >= ColorBar.leastFigureWidth
        && (panel.height ?? plotHeight + ColorBar.leastHeight) >= 2 * ColorBar.leastHeight)
    let legend = Legend(legendItems, nameWidth: panel.width * 0.5, lines: 3, measure)
    let legendColumns = legend.columns(width: panel.width - 2 * PageStyle.margin)
    let legendHeight = legend.names.isEmpty ? 0 : legend.height(columns: legendColumns)
    let frame = try FrameSearch(
      figure: figure, panel: panel,
      height: panel.height.map { .given($0) } ?? .free(whole: 0, plot: plotHeight), xPlan: xPlan,
      yPlan: yPlan, startsAtTop: true,
      otherLabel: bar.isVertical && !panel.hidesColorBar ? valueLabel : "",
      around: { plot in
        var reach = panel.hidesColorBar ? Insets() : bar.reach(plot: plot, measure)
        reach.bottom += legendHeight
        return reach
      }, measure: measure
    ).frame()
    var layout = FigureLayout(
      width: panel.width, height: frame.height, plot: frame.plot, texts: frame.texts,
      xAxis: frame.xAxis, yAxis: frame.yAxis, colorScale: scale)
    if annotate {
      layout.valueSize = valueSize(in: frame.plot, measure)
      if layout.valueSize == nil {
        layout.omitted.append("the cells are too small for their values, which are left out")
      }
    }
    var bottom = frame.labelsBottom
    if !panel.hidesColorBar {
      let (placed, texts) = bar.place(plot: frame.plot, below: frame.labelsBottom, measure)
      layout.texts += texts
      layout.colorBar = placed
      if !bar.isVertical { bottom = texts.map(\.rectangle.maxY).max() ?? placed.bar.maxY }
    }
    if legendHeight > 0 {
      // Under the plot, or as far to the left as its width asks for.
      let legendWidth =
        Double(legendColumns) * (legend.entryWidth + Legend.columnGap) + 2 * Legend.padding
      let legendX = max(
        PageStyle.margin,
        min(frame.plot.x - Legend.padding, panel.width - PageStyle.margin - legendWidth))
      layout.legend = legend.place(
        in: Rectangle(
          x: legendX, y: bottom, width: panel.width - PageStyle.margin - legendX,
          height: legendHeight), columns: legendColumns, isInside: false, measure)
    }
    return layout
  }

  /// The largest size at which the value of every cell leaves white around it; nil where the longest
  /// cannot be read in its cell.
  private func valueSize(in plot: Rectangle, _ measure: some TextMeasure) -> Double? {
    let cell = (width: plot.width / Double(columns), height: plot.height / Double(rows))
    // Also spares a large matrix the text of its values.
    guard let smallest = PageStyle.annotationSizes.last, cell.height >= smallest,
      cell.width >= smallest
    else { return nil }
    let labels = NumberLabels.annotations(of: values)
    let unit = labels.map { measure.extents(of: $0, size: 1).width }.max() ?? 0
    return PageStyle.annotationSizes.first {
      unit * $0 <= cell.width * 0.9 - 1 && $0 * TextBlock.capital <= cell.height * 0.7
    }
  }

  /// What the grey, the hatching and the frames mean.
  private var legendItems: [LegendItem] {
    let masked = mask?.count { $0 } ?? 0
    let missing = values.indices.count { !isMasked($0) && !hasColor(values[$0]) }
    var items: [LegendItem] = []
    if missing > 0 {
      let what = isLogarithmic ? "no finite value above 0" : "no value"
      items.append(LegendItem(sample: .missing(colors), name: "\(what) (\(missing))"))
    }
    if masked > 0, !hidesMasked {
      items.append(LegendItem(sample: .masked, name: "masked (\(masked))"))
    }
    if !marked.cells.isEmpty, !marked.name.isEmpty {
      items.append(LegendItem(sample: .marked, name: marked.name))
    }
    return items
  }

  /// The middle of cell i is at i, its edges half a cell away.
  private func axis(
    count: Int, first: Int, names: [String]?, _ panel: Panel, isHorizontal: Bool
  ) -> AxisPlan {
    AxisPlan(
      scale: AxisScale(limits: -0.5...(Double(count) - 0.5)), isInteger: true,
      hasTicks: count > 1 || names != nil, offset: first, names: names,
      nameLengths: panel.nameLengths(isHorizontal: isHorizontal), isHorizontal: isHorizontal)
  }

  /// The height of the plot where none is asked for: square cells as far as that stays between a
  /// legible row and a pleasant page.
  private func plotHeight(width: Double) -> Double {
    let pleasant = width * 0.5
    let square = width * 0.8 * Double(rows) / Double(columns)
    let legible = min(pleasant, max(26, Double(rows) * 16))
    return min(max(square, legible), pleasant)
  }
}
