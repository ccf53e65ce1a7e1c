/// The search for the rectangle of the plot: what stands around it depends on its size (longer axes
/// have more ticks), so it is measured, tried and measured again until it fits.
struct FrameSearch<Measure: TextMeasure> {
  let figure: Figure
  let panel: Panel
  /// The height of the figure, or of the plot alone.
  var height: Height
  let xPlan: AxisPlan
  let yPlan: AxisPlan
  /// Whether the vertical axis begins at the top.
  let startsAtTop: Bool
  /// What reads upward beside the plot on its other side; empty for nothing.
  var otherLabel = ""
  /// What more stands left and right of a plot, and below its axis label.
  var around: (_ plot: Rectangle) -> Insets = { _ in Insets() }
  let measure: Measure

  enum Height {
    /// The figure has it: somebody asked for it.
    case given(Double)
    /// The figure has a height and the plot at least another, whichever makes it higher.
    case free(whole: Double, plot: Double)
  }

  private var width: Double { panel.width }

  /// The height of the plot at which the labels that read upward are whole.
  private var labelLength: Double {
    let wanted =
      [panel.hidesYLabels ? "" : figure.yLabel, otherLabel].map { label in
        TextBlock.leastWidth(
          of: label, size: PageStyle.labelSizes.last ?? 8, most: PageStyle.labelLines,
          measure: measure)
      }.max() ?? 0
    return min(wanted, PageStyle.mostLabelLength)
  }

  /// - Throws: `FigureError` where no room is left for the plot.
  func frame() throws -> Frame {
    let labelLength = labelLength
    var insets = Insets(left: 20, right: 10, top: 10, bottom: 20)
    for round in 0..<12 {
      let frame = frame(insets, labelLength)
      if frame.plot.width < PageStyle.leastPlot.width
        || frame.plot.height < PageStyle.leastPlot.height
      {
        // The first guess may be wide of the mark; a later one is not.
        if round > 0 { throw tooSmall }
      }
      let needed = needs(of: frame)
      if insets.covers(needed), round > 2 || needed.covers(insets) { return frame }
      // After some rounds the space only grows, so that two answers cannot take turns for ever.
      insets = round < 3 ? needed : insets.union(needed)
    }
    return frame(insets, labelLength)
  }

  private var tooSmall: FigureError {
    func inches(_ points: Double) -> Double { (points / panel.inch * 100).rounded() / 100 }
    var size = "\(inches(width)) inches wide"
    if case .given(let height) = height { size += " and \(inches(height)) high" }
    return FigureError(
      "a figure \(size) leaves no room for its plot: make it larger", lacksRoom: true)
  }

  private func frame(_ insets: Insets, _ labelLength: Double) -> Frame {
    let plotWidth = max(width - insets.left - insets.right, 1)
    let plotHeight: Double
    switch height {
    case .given(let height): plotHeight = max(height - insets.top - insets.bottom, 1)
    case .free(let whole, let plot):
      plotHeight = max(whole - insets.top - insets.bottom, plot, labelLength)
    }
    let plot = Rectangle(x: insets.left, y: insets.top, width: plotWidth, height: plotHeight)
    let isDownward = startsAtTop || yPlan.isReversed
    let lengths = panel.sharedLengths
    var xTicks = xPlan.ticks(length: lengths.x ?? plotWidth, measure)
    var yTicks = yPlan.ticks(length: lengths.y ?? plotHeight, measure)
    // Names that another panel has are not missed here.
    if panel.hidesXLabels { xTicks.unnamed = 0 }
    if panel.hidesYLabels { yTicks.unnamed = 0 }
    let frame = Frame(
      plot: plot, height: plotHeight + insets.top + insets.bottom,
      xAxis: PlacedAxis(
        scale: xPlan.scale, ticks: xTicks, start: xPlan.isReversed ? plot.maxX : plot.x,
        end: xPlan.isReversed ? plot.x : plot.maxX),
      yAxis: PlacedAxis(
        scale: yPlan.scale, ticks: yTicks, start: isDownward ? plot.y : plot.maxY,
        end: isDownward ? plot.maxY : plot.y))
    return completed(frame)
  }

  /// The frame with its texts.
  private func completed(_ frame: Frame) -> Frame {
    var frame = frame
    let plot = frame.plot
    let xTicks =
      panel.hidesXLabels
      ? [] : AxisPlan.labels(below: plot.maxY, of: frame.xAxis, name: "xTick", measure)
    let yTicks =
      panel.hidesYLabels
      ? []
      : AxisPlan.labels(beside: plot.x, isLeft: true, of: frame.yAxis, name: "yTick", measure)
    frame.texts = xTicks + yTicks
    frame.ticksBottom = xTicks.map(\.rectangle.maxY).max() ?? plot.maxY + PageStyle.tickLength
    frame.ticksLeft = yTicks.map(\.rectangle.x).min() ?? plot.x - PageStyle.tickLength
    let canvas = width - 2 * PageStyle.margin
    let heading = Heading(figure, in: panel, measure)
    frame.titleHeight = heading.height
    frame.texts += heading.texts(centeredAt: plot.midX)
    frame.labelsBottom = frame.ticksBottom
    if !panel.hidesXLabels,
      let label = TextBlock(
        fitting: figure.xLabel, width: canvas, sizes: PageStyle.labelSizes,
        most: PageStyle.labelLines, measure: measure)
    {
      let rectangle = centered(label, at: plot.midX, top: frame.ticksBottom + PageStyle.labelGap)
      frame.labelsBottom = rectangle.maxY
      frame.texts.append(PlacedText(name: "xLabel", block: label, rectangle: rectangle))
    }
    addVerticalLabel(to: &frame)
    return frame
  }

  /// The label of the vertical axis reads upward, beside the plot and at most a little longer.
  private func addVerticalLabel(to frame: inout Frame) {
    let span = (top: frame.contentTop, bottom: max(frame.ticksBottom, frame.plot.maxY))
    guard !panel.hidesYLabels,
      let label = TextBlock(
        fitting: figure.yLabel, width: span.bottom - span.top, sizes: PageStyle.labelSizes,
        most: PageStyle.labelLines, measure: measure)
    else { return }
    frame.verticalLabelWidth = label.height + PageStyle.labelGap
    let y = min(max(frame.plot.midY - label.width / 2, span.top), span.bottom - label.width)
    let x = frame.ticksLeft - PageStyle.labelGap - label.height
    let rectangle = Rectangle(x: x, y: y, width: label.height, height: label.width)
    frame.texts.append(
      PlacedText(name: "yLabel", block: label, rectangle: rectangle, isRotated: true))
  }

  /// A block whose middle is at `x`, moved as far as it must to stay inside.
  private func centered(_ block: TextBlock, at x: Double, top: Double) -> Rectangle {
    let most = width - PageStyle.margin - block.width
    return Rectangle(
      x: max(PageStyle.margin, min(x - block.width / 2, most)), y: top, width: block.width,
      height: block.height)
  }

  /// The space that a frame's surroundings take.
  private func needs(of frame: Frame) -> Insets {
    let plot = frame.plot
    let around = around(plot)
    let xTicks = frame.texts.filter { $0.name.hasPrefix("xTick") }.map(\.rectangle)
    let overflow = (
      left: plot.x - (xTicks.map(\.x).min() ?? plot.x),
      right: (xTicks.map(\.maxX).max() ?? plot.maxX) - plot.maxX
    )
    return Insets(
      left: PageStyle.margin
        + max(overflow.left, around.left, plot.x - frame.ticksLeft + frame.verticalLabelWidth),
      right: PageStyle.margin + max(overflow.right, around.right),
      top: frame.contentTop,
      bottom: frame.labelsBottom - plot.maxY + around.bottom + PageStyle.margin
    ).union(panel.least)
  }
}

/// A plot's rectangle with its axes and labels.
struct Frame {
  let plot: Rectangle
  /// The height of the whole figure.
  let height: Double
  let xAxis: PlacedAxis
  let yAxis: PlacedAxis
  var texts: [PlacedText] = []
  var titleHeight = 0.0
  var verticalLabelWidth = 0.0
  var ticksLeft = 0.0
  var ticksBottom = 0.0
  /// Where the tick labels and the label below them end.
  var labelsBottom = 0.0

  /// The top of what is not the title: half a tick label may rise above the plot.
  var contentTop: Double {
    titleHeight > 0
      ? PageStyle.margin + titleHeight + PageStyle.titleGap
      : PageStyle.margin + PageStyle.tickSize / 2
  }
}
