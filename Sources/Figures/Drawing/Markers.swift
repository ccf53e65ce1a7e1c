/// How a marker looks.
struct MarkerLook: Hashable {
  /// The position of its series.
  let series: Int
  /// Whether it is there to compare with.
  var isComparison = false
  /// Whether others matter more.
  var isFaint = false

  func draw(at place: Canvas.Point, on canvas: Canvas) {
    let pen =
      isComparison
      ? CurvePen(canvas: canvas, comparisonPosition: series)
      : CurvePen(canvas: canvas, position: series)
    pen.drawMarker(place, opacity: isFaint ? 0.4 : 1)
  }
}

/// A pixel with a marker of one look.
private struct Spot: Hashable {
  let look: MarkerLook
  let x, y: Int
}

extension Canvas {
  typealias Marker = (look: MarkerLook, place: Point)

  /// From so many markers on, some lie on others, and a document keeps a picture of them.
  private static let manyMarkers = 5000

  /// Draws the markers of a plot, the last on top, those whose middle lies in it whole.
  func draw(_ markers: some Collection<Marker>, in plot: Rectangle) {
    if markers.count < Self.manyMarkers {
      for marker in markers where plot.holds(marker.place) {
        marker.look.draw(at: marker.place, on: self)
      }
    } else {
      drawFlat(plot.inset(-CurvePen.markerReach)) { $0.stamp(markers, in: plot) }
    }
  }

  /// Of many markers on one pixel one is all that can be seen.
  private func stamp(_ markers: some Collection<Marker>, in plot: Rectangle) {
    var taken: Set<Spot> = []
    var stamps: [MarkerLook: Stamp] = [:]
    for (index, marker) in markers.enumerated() where plot.holds(marker.place) {
      if index & 0xFFF == 0, isStopped { break }
      let pixel = (x: snapped(marker.place.x), y: snapped(marker.place.y))
      let spot = Spot(
        look: marker.look, x: Int(pixel.x * resolution), y: Int(pixel.y * resolution))
      guard taken.insert(spot).inserted else { continue }
      let stamp =
        stamps[marker.look]
        ?? stamp(radius: CurvePen.markerReach) { marker.look.draw(at: (0, 0), on: $0) }
      stamps[marker.look] = stamp
      if let stamp { draw(stamp, at: pixel) }
    }
  }
}
