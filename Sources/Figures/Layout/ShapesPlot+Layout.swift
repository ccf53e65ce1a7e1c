extension ShapesPlot: Plot {
  var summary: String { "shapes of \(shapes.map(\.name).joined(separator: ", "))" }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    try ShapesLayout(plot: self, figure: figure, panel: panel, measure: measure).placed()
  }

  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    for area in layout.areas {
      switch area.look {
      case .filled(let position):
        canvas.fill(area.rectangle, CurvePen(canvas: canvas, position: position).color)
      case .ghost: canvas.strokeGhost(area.rectangle)
      }
    }
  }
}

/// The layout of shapes: a column of strips, one a layer, for each part of each model, as wide as
/// the part by one scale for all; models that do not fit side by side stand below each other.
private struct ShapesLayout<Measure: TextMeasure> {
  let plot: ShapesPlot
  let figure: Figure
  let panel: Panel
  let measure: Measure

  private static var partGap: Double { 6 }
  private static var shapeGap: Double { 18 }
  private static var textGap: Double { 4 }
  private static var leastHeight: Double { 24 }

  private typealias Labels = (name: TextBlock, parts: [TextBlock], layers: TextBlock)

  private func labels(of shape: ShapesPlot.Shape, width: Double) -> Labels {
    let heading = shape.remark.isEmpty ? shape.name : shape.name + "\n" + shape.remark
    let name =
      TextBlock(
        fitting: heading, width: width, sizes: [9, 8, 7], most: 4, measure: measure)
      ?? TextBlock([""], size: 8, measure: measure)
    return (
      name,
      shape.parts.map { TextBlock([$0.name, $0.label], size: 7.5, measure: measure) },
      TextBlock(
        [shape.layers == 1 ? "1 layer" : "\(shape.layers) layers"], size: 7.5, measure: measure)
    )
  }

  /// What stands left of the strips: the layers' number, upward.
  private var margin: Double { 7.5 * TextBlock.capital + 7 }

  /// How wide a part's slot is at a scale: the part or its words, whichever is wider.
  private func slots(_ shape: ShapesPlot.Shape, _ labels: Labels, scale: Double) -> [Double] {
    // The first model's outline stands behind.
    zip(zip(shape.parts, plot.shapes[0].parts), labels.parts).map { parts, label in
      max(Double(max(parts.0.width, parts.1.width)) * scale, label.width)
    }
  }

  private func width(_ shape: ShapesPlot.Shape, _ labels: Labels, scale: Double) -> Double {
    slots(shape, labels, scale: scale).reduce(0, +) + margin
      + Double(shape.parts.count - 1) * Self.partGap
  }

  func placed() throws -> FigureLayout {
    let room = panel.width - 2 * PageStyle.margin
    let count = Double(plot.shapes.count)
    let beside = (room - (count - 1) * Self.shapeGap) / count
    let isBeside = beside >= leastWidth
    let each = isBeside ? beside : room
    guard each >= leastWidth else {
      throw FigureError(
        "the shapes need \(panel.inches(leastWidth + 2 * PageStyle.margin)) inches "
          + "of width: make the figure wider")
    }
    let all = plot.shapes.map { labels(of: $0, width: each) }
    let scale = self.scale(all, each: each)
    var layout = FigureLayout(
      width: panel.width, height: 0, plot: Rectangle(x: 0, y: 0, width: 0, height: 0))
    let heading = Heading(figure, in: panel, measure)
    layout.texts = heading.texts(centeredAt: panel.width / 2)
    let top = heading.bottom
    let headings = all.map(\.name.height).max() ?? 0
    let parts = all.flatMap(\.parts).map(\.height).max() ?? 0
    let words = headings + parts + 2 * Self.textGap
    let rows = isBeside ? 1.0 : count
    let natural = min(max(each * 0.55, 60), 150)
    let strips =
      panel.height.map {
        ($0 - top - PageStyle.margin - (rows - 1) * Self.shapeGap) / rows - words
      } ?? natural
    guard strips >= Self.leastHeight else {
      throw FigureError("the shapes leave no room for their layers: make the figure higher")
    }
    for (index, shape) in plot.shapes.enumerated() {
      let across = isBeside ? Double(index) * (each + Self.shapeGap) : 0
      let down = isBeside ? 0 : Double(index) * (strips + words + Self.shapeGap)
      let wide = width(shape, all[index], scale: scale)
      let place = Rectangle(
        x: PageStyle.margin + across + (each - wide) / 2, y: top + down, width: wide,
        height: strips + words)
      add(
        index, all[index], to: &layout, in: place, headings: headings, strips: strips,
        scale: scale)
    }
    let bottom = top + rows * (strips + words) + (rows - 1) * Self.shapeGap
    let plotRectangle = Rectangle(
      x: PageStyle.margin, y: top, width: room, height: bottom - top)
    return FigureLayout(
      width: panel.width, height: panel.height ?? bottom + PageStyle.margin, plot: plotRectangle,
      texts: layout.texts, labels: layout.labels, areas: layout.areas)
  }

  /// The width without which the words of a model meet.
  private var leastWidth: Double {
    plot.shapes.map { width($0, labels(of: $0, width: 500), scale: 0) }.max() ?? 0
  }

  /// The points of a channel with which the widest model fills its place.
  private func scale(_ all: [Labels], each: Double) -> Double {
    var (low, high) = (0.0, each)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let widest = zip(plot.shapes, all).map { width($0, $1, scale: middle) }.max() ?? 0
      if widest <= each { low = middle } else { high = middle }
    }
    return low
  }

  /// Adds one model inside `place`.
  private func add(
    _ index: Int, _ labels: Labels, to layout: inout FigureLayout, in place: Rectangle,
    headings: Double, strips: Double, scale: Double
  ) {
    let (shape, first) = (plot.shapes[index], plot.shapes[0])
    let deepest = plot.shapes.map(\.layers).max() ?? 1
    let step = strips / Double(deepest)
    let top = place.y + headings + Self.textGap
    let bottom = top + strips
    layout.labels.append(
      PlacedText(
        name: "label name \(index)", block: labels.name,
        rectangle: Rectangle(
          x: place.midX - labels.name.width / 2, y: place.y + headings - labels.name.height,
          width: labels.name.width, height: labels.name.height)))
    let rows = self.rows(shape, deepest: deepest)
    let high = Double(shape.kept == nil || index == 0 ? shape.layers : deepest) * step
    layout.labels.append(
      PlacedText(
        name: "label layers \(index)", block: labels.layers,
        rectangle: Rectangle(
          x: place.x, y: bottom - high / 2 - labels.layers.width / 2, width: labels.layers.height,
          height: labels.layers.width), isRotated: true))
    var x = place.x + margin
    for (part, slot) in slots(shape, labels, scale: scale).enumerated() {
      let wide = Double(shape.parts[part].width) * scale
      let middle = x + slot / 2
      // Thin strips stand without white between them.
      let gap = step >= 2.5 ? min(1, step * 0.25) : 0
      for row in rows {
        layout.areas.append(
          PlacedArea(
            rectangle: Rectangle(
              x: middle - wide / 2, y: bottom - Double(row + 1) * step, width: wide,
              height: step - gap), look: .filled(part)))
      }
      if index > 0 {
        let outline = Double(first.parts[part].width) * scale
        let height = Double(first.layers) * step
        layout.areas.append(
          PlacedArea(
            rectangle: Rectangle(
              x: middle - outline / 2, y: bottom - height, width: outline, height: height),
            look: .ghost))
      }
      let label = labels.parts[part]
      layout.labels.append(
        PlacedText(
          name: "label part \(index) \(part)", block: label,
          rectangle: Rectangle(
            x: middle - label.width / 2, y: bottom + Self.textGap, width: label.width,
            height: label.height)))
      x += slot + Self.partGap
    }
  }

  /// Where a model's layers stand, counted from the bottom: at the places of the first model's
  /// where it is known which they were.
  private func rows(_ shape: ShapesPlot.Shape, deepest: Int) -> [Int] {
    guard let kept = shape.kept, kept.count == shape.layers,
      kept.allSatisfy({ (0..<deepest).contains($0) })
    else { return Array(0..<shape.layers) }
    return kept
  }
}
