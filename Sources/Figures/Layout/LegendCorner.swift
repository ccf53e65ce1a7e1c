/// The search for a corner of the plot that no curve enters.
struct LegendCorner {
  private let plot: Rectangle
  /// Points on all curves, close together, in the figure's coordinates.
  private let ink: [(x: Double, y: Double)]

  /// The distance from the spines.
  private static let inset = 4.0
  /// Between curve and legend.
  private static let clearance = 4.0
  private static let sampleDistance = 3.0

  init(frame: Frame, curves: [Curve]) {
    plot = frame.plot
    var ink: [(x: Double, y: Double)] = []
    for curve in curves {
      for stretch in curve.stretches + curve.raw {
        Self.sample(stretch, frame, { $0.y }, into: &ink)
        guard curve.hasBand else { continue }
        Self.sample(stretch, frame, { $0.lower }, into: &ink)
        Self.sample(stretch, frame, { $0.upper }, into: &ink)
      }
    }
    self.ink = ink
  }

  private static func sample(
    _ stretch: [Curve.Point], _ frame: Frame, _ value: (Curve.Point) -> Double,
    into ink: inout [(x: Double, y: Double)]
  ) {
    var last: (x: Double, y: Double)?
    for point in stretch {
      let here = (
        x: frame.xAxis.position(of: point.x), y: frame.yAxis.position(of: value(point))
      )
      let distance = last.map { max(abs(here.x - $0.x), abs(here.y - $0.y)) } ?? 0
      // The sides of the figure bound a segment, so these are some thousands at most.
      let steps = Int(min(max(distance / sampleDistance, 1), 4000))
      if let last {
        for step in 1..<max(steps, 1) {
          let share = Double(step) / Double(steps)
          ink.append((last.x + (here.x - last.x) * share, last.y + (here.y - last.y) * share))
        }
      }
      ink.append(here)
      last = here
    }
  }

  /// The first free corner for a box of `size`, from the top right; nil where all are taken.
  func free(_ size: (width: Double, height: Double)) -> Rectangle? {
    let room = plot.inset(Self.inset)
    guard size.width <= room.width * 0.7, size.height <= room.height * 0.7 else { return nil }
    let (right, bottom) = (room.maxX - size.width, room.maxY - size.height)
    let corners = [(right, room.y), (room.x, room.y), (right, bottom), (room.x, bottom)]
    return corners.map {
      Rectangle(x: $0.0, y: $0.1, width: size.width, height: size.height)
    }.first { corner in
      let area = corner.inset(-Self.clearance)
      return !ink.contains { area.contains(x: $0.x, y: $0.y) }
    }
  }
}
