/// The search for a corner of the plot that no curve enters and no area meets.
struct LegendCorner {
  let frame: Frame
  let curves: [Curve]
  /// What is filled, in points.
  var areas: [Rectangle] = []

  /// The distance from the spines.
  private static let inset = 4.0
  /// Between curve and legend.
  private static let clearance = 4.0

  /// The first free corner for a box of `size`, from the top right; nil where all are taken.
  func free(_ size: (width: Double, height: Double)) -> Rectangle? {
    let room = frame.plot.inset(Self.inset)
    guard size.width <= room.width * 0.7, size.height <= room.height * 0.7 else { return nil }
    let (right, bottom) = (room.maxX - size.width, room.maxY - size.height)
    let corners = [(right, room.y), (room.x, room.y), (right, bottom), (room.x, bottom)]
    var free = corners.map {
      Rectangle(x: $0.0, y: $0.1, width: size.width, height: size.height)
    }
    free.removeAll { corner in
      areas.contains { $0.overlaps(corner.inset(-Self.clearance)) }
    }
    for curve in curves {
      let values: [(Curve.Point) -> Double] =
        curve.hasBand ? [{ $0.y }, { $0.lower }, { $0.upper }] : [{ $0.y }]
      for stretch in curve.stretches + curve.raw {
        for value in values where !free.isEmpty {
          remove(from: &free, stretch, value)
        }
      }
    }
    return free.first
  }

  /// Removes the corners that a stretch of a curve enters.
  private func remove(
    from free: inout [Rectangle], _ stretch: [Curve.Point], _ value: (Curve.Point) -> Double
  ) {
    var last: (x: Double, y: Double)?
    for point in stretch {
      let here = (
        x: frame.xAxis.position(of: point.x), y: frame.yAxis.position(of: value(point))
      )
      let from = last ?? here
      free.removeAll { $0.inset(-Self.clearance).meetsSegment(from: from, to: here) }
      if free.isEmpty { return }
      last = here
    }
  }
}

extension Rectangle {
  /// Whether any of the segment lies inside, by Liang and Barsky's clipping.
  fileprivate func meetsSegment(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double)
  ) -> Bool {
    var (entry, exit) = (0.0, 1.0)
    let sides = [
      (start.x - end.x, start.x - x), (end.x - start.x, maxX - start.x),
      (start.y - end.y, start.y - y), (end.y - start.y, maxY - start.y),
    ]
    for (direction, distance) in sides {
      if direction == 0 {
        if distance < 0 { return false }
      } else if direction < 0 {
        entry = max(entry, distance / direction)
      } else {
        exit = min(exit, distance / direction)
      }
    }
    return entry <= exit
  }
}
