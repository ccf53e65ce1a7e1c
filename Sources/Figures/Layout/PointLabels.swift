/// The places of the points' labels: beside their points and on nothing else. A label that finds no
/// room is left out, and so is what goes past `most`, which nobody could read.
struct PointLabels {
  private let plot: ScatterPlot
  private let layout: FigureLayout
  /// What labels keep clear of: markers, the front's steps, the legend.
  private var taken = Occupied()

  private static let size = 7.5
  private static let most = 200
  /// Of so many points a label's own one is made out.
  private static let fewPoints = 1000
  /// What a label has of a plot that is narrow, in points.
  private static let leastWidth = 64.0
  /// The side of the square that a marker takes.
  private static let marker = 6.0
  /// From a marker to its label; the farther one serves where the nearer does not.
  private static let distances = [1.5, 5.0]

  init(_ plot: ScatterPlot, _ layout: FigureLayout) {
    self.plot = plot
    self.layout = layout
    for point in plot.points {
      taken.add(Self.square(around: Self.place(point.x, point.y, layout)))
    }
    if let legend = layout.legend?.rectangle { taken.add(legend) }
    guard plot.front else { return }
    let corners = plot.steps.map { Self.place($0.x, $0.y, layout) }
    for (from, to) in zip(corners, corners.dropFirst()) {
      taken.add(
        Rectangle(
          x: min(from.x, to.x), y: min(from.y, to.y), width: abs(from.x - to.x),
          height: abs(from.y - to.y)
        ).inset(-1))
    }
  }

  private static func place(
    _ x: Double, _ y: Double, _ layout: FigureLayout
  ) -> (x: Double, y: Double) {
    (layout.xAxis.position(of: x), layout.yAxis.position(of: y))
  }

  private static func square(around place: (x: Double, y: Double)) -> Rectangle {
    Rectangle(x: place.x - marker / 2, y: place.y - marker / 2, width: marker, height: marker)
  }

  /// The points in the plot that have labels.
  private var labelled: [ScatterPlot.Point] {
    plot.points.filter { point in
      !point.label.isEmpty && layout.plot.holds(Self.place(point.x, point.y, layout))
    }
  }

  /// The labels, and those that found no room. Those of the front come first, then the others, in
  /// the order of the points.
  func placed(_ measure: some TextMeasure) -> (labels: [PlacedText], missing: [String]) {
    let labelled = labelled
    let order = labelled.filter(\.isBest) + labelled.filter { !$0.isBest }
    var taken = taken
    var (labels, missing) = ([PlacedText](), [String]())
    let width = max(layout.plot.width * 0.5, min(layout.plot.width, Self.leastWidth))
    for point in order.prefix(Self.most) {
      let place = Self.place(point.x, point.y, layout)
      // In more lines where the longer ones have no room.
      let found = [1, 0.6].lazy.compactMap { share -> (TextBlock, Rectangle)? in
        guard
          let block = TextBlock(
            fitting: point.label, width: width * share, sizes: [Self.size], most: 4,
            measure: measure), share == 1 || !block.isCut
        else { return nil }
        return free(block, beside: place, taken).map { (block, $0) }
      }.first
      guard let (block, rectangle) = found else {
        missing.append(point.label)
        continue
      }
      // Two labels that touch would read as one.
      taken.add(rectangle.inset(-2))
      labels.append(
        PlacedText(
          name: "label \(labels.count)", block: block, rectangle: rectangle, alignment: .leading))
    }
    return (labels, missing + order.dropFirst(Self.most).map(\.label))
  }

  /// The first place of a label that is free and at which no other point is nearer, else the first
  /// that touches its own point.
  private func free(
    _ block: TextBlock, beside point: Canvas.Point, _ taken: Occupied
  ) -> Rectangle? {
    let free = places(of: block, beside: point).filter { place in
      layout.plot.inset(1).contains(place) && !taken.overlaps(place)
    }
    guard plot.points.count < Self.fewPoints else { return free.first }
    let others = plot.points.lazy.map { Self.place($0.x, $0.y, layout) }
    return free.first { place in
      let own = place.distance(to: point)
      return !others.contains { $0 != point && place.distance(to: $0) < own }
    } ?? free.first { $0.distance(to: point) <= Self.marker / 2 + Self.distances[0] }
  }

  /// Where a label may stand, from the best on: above right, where no front's steps pass, then
  /// around the point, then the same farther off.
  private func places(
    of block: TextBlock, beside point: (x: Double, y: Double)
  ) -> [Rectangle] {
    let (width, height) = (block.width, block.height)
    return Self.distances.flatMap { distance -> [Rectangle] in
      let reach = Self.marker / 2 + distance
      let (left, right) = (point.x - reach - width, point.x + reach)
      let (above, below) = (point.y - reach - height, point.y + reach)
      // Diagonal places come nearer, since only their corner does.
      let near = distance - 1.5
      let (nearLeft, nearRight) = (point.x - near - width, point.x + near)
      let middle = (x: point.x - width / 2, y: point.y - height / 2)
      return [
        (nearRight, above), (right, middle.y), (nearLeft, below), (left, middle.y),
        (middle.x, above), (middle.x, below), (nearLeft, above), (nearRight, below),
      ].map { Rectangle(x: $0.0, y: $0.1, width: width, height: height) }
    }
  }
}

/// Rectangles by the squares of the plane that they touch, so that asking what is free takes as long
/// for many as for few.
private struct Occupied {
  private struct Square: Hashable {
    let x, y: Int
  }

  private static let side = 24.0
  /// So many markers leave nothing of a square free.
  private static let most = 1000
  private var rectangles: [Square: [Rectangle]] = [:]

  mutating func add(_ rectangle: Rectangle) {
    for square in Self.squares(of: rectangle)
    where rectangles[square, default: []].count < Self.most {
      rectangles[square, default: []].append(rectangle)
    }
  }

  func overlaps(_ place: Rectangle) -> Bool {
    Self.squares(of: place).contains { square in
      rectangles[square, default: []].contains { $0.overlaps(place) }
    }
  }

  private static func squares(of rectangle: Rectangle) -> [Square] {
    func range(_ from: Double, _ to: Double) -> ClosedRange<Int> {
      Int((from / side).rounded(.down))...Int((to / side).rounded(.down))
    }
    let rows = range(rectangle.y, rectangle.maxY)
    return range(rectangle.x, rectangle.maxX).flatMap { x in rows.map { Square(x: x, y: $0) } }
  }
}
