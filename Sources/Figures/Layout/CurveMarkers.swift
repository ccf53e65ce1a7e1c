/// Which points of a curve carry a marker.
enum CurveMarkers {
  case none, some, all
  case at(Set<Double>)

  /// The distance of the markers of a long curve, in points.
  private static let distance = 45.0
  /// How much farther each curve's first marker is than the last curve's, as a share of the distance:
  /// those of few curves never meet.
  private static let shift = 0.382

  /// Whether any point does.
  var isAny: Bool {
    switch self {
    case .none: false
    case .some, .all: true
    case .at(let places): !places.isEmpty
    }
  }

  /// Where the markers of a plot's curve stand.
  func places(on curve: Curve, position: Int, in layout: FigureLayout) -> [Canvas.Point] {
    func place(_ point: Curve.Point) -> Canvas.Point {
      (layout.xAxis.position(of: point.x), layout.yAxis.position(of: point.y))
    }
    return curve.stretches.flatMap { stretch -> [Canvas.Point] in
      switch self {
      case .none: return []
      case .all: return stretch.map(place)
      case .some: return Self.spaced(stretch.map(place), position: position)
      case .at(let places): return stretch.filter { places.contains($0.x) }.map(place)
      }
    }
  }

  /// Points about evenly apart along the axis.
  private static func spaced(_ points: [Canvas.Point], position: Int) -> [Canvas.Point] {
    guard var last = points.first?.x else { return [] }
    let start = 0.5 + Double(position) * shift
    var distance = Self.distance * (start - start.rounded(.down))
    return points.filter { point in
      guard abs(point.x - last) >= distance else { return false }
      (last, distance) = (point.x, Self.distance)
      return true
    }
  }
}
