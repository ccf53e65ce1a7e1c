/// Cells of a heatmap as they are drawn: those that are smaller than a pixel are joined.
package struct HeatmapRaster {
  /// Row by row; NaN where there is no value to show.
  package let values: [Float]
  package let rows: Int
  package let columns: Int
  /// Which cells are hatched; empty for none.
  let isMasked: [Bool]

  /// The heatmap with at most `mostColumns` columns and `mostRows` rows. Where there are more, each
  /// result is the mean of the values under it by their share of its area: values are averaged, not
  /// colours, and none is skipped. What has no value takes no part.
  ///
  /// - Parameter isStopped: asked row by row; what is left has no values then.
  package init(
    _ map: Heatmap, mostColumns: Int, mostRows: Int, isStopped: () -> Bool = { false }
  ) {
    let width = min(map.columns, max(mostColumns, 1))
    let height = min(map.rows, max(mostRows, 1))
    columns = width
    rows = height
    if width == map.columns, height == map.rows {
      values = map.values.enumerated().map { index, value in
        map.hasColor(value) && !map.isMasked(index) ? value : .nan
      }
      isMasked = map.mask ?? []
      return
    }
    let across = Self.shares(of: map.columns, among: width)
    let down = Self.shares(of: map.rows, among: height)
    var result: [Float] = []
    var masked: [Bool] = []
    result.reserveCapacity(width * height)
    for rowShare in down where !isStopped() {
      var sums = [Double](repeating: 0, count: width)
      var weights = [Double](repeating: 0, count: width)
      var hidden = [Double](repeating: 0, count: width)
      for (row, rowWeight) in rowShare {
        for (index, share) in across.enumerated() {
          for (column, weight) in share {
            let cell = row * map.columns + column
            let value = map.values[cell]
            if map.isMasked(cell) {
              hidden[index] += weight * rowWeight
            } else if map.hasColor(value) {
              sums[index] += Double(value) * weight * rowWeight
              weights[index] += weight * rowWeight
            }
          }
        }
      }
      result += zip(sums, weights).map { $1 > 0 ? Float($0 / $1) : .nan }
      if map.mask != nil { masked += zip(hidden, weights).map { $0 > $1 } }
    }
    values = result + Array(repeating: .nan, count: width * height - result.count)
    isMasked =
      map.mask == nil ? [] : masked + Array(repeating: false, count: width * height - masked.count)
  }

  /// For each of `parts` equal parts of `count` cells: the cells in it and how much of each.
  private static func shares(of count: Int, among parts: Int) -> [[(cell: Int, weight: Double)]] {
    let size = Double(count) / Double(parts)
    return (0..<parts).map { part in
      let (start, end) = (Double(part) * size, Double(part + 1) * size)
      let first = min(Int(start), count - 1)
      let last = max(first, min(Int(end.rounded(.up)) - 1, count - 1))
      return (first...last).map { cell in
        (cell, max(min(end, Double(cell + 1)) - max(start, Double(cell)), 0))
      }
    }
  }

  /// One pixel a cell; `masked` is the colour of masked cells, which are hatched over where it is
  /// not theirs.
  func image(
    _ colors: ColorMap, _ scale: AxisScale, missing: Color, masked: Color
  ) -> PixelImage {
    let palette = colors.pixels
    let (missing, masked) = (missing.pixel, masked.pixel)
    let pixels = values.enumerated().map { index, value in
      if !isMasked.isEmpty, isMasked[index] { return masked }
      return value.isNaN ? missing : palette[ColorMap.step(of: Double(value), on: scale)]
    }
    return PixelImage(pixels: pixels, width: columns, height: rows)
  }

  /// The masked cells in runs along the rows, within `plot`.
  func maskedRuns(in plot: Rectangle) -> [Rectangle] {
    var runs: [Rectangle] = []
    let (width, height) = (plot.width / Double(columns), plot.height / Double(rows))
    for row in isMasked.isEmpty ? 0..<0 : 0..<rows {
      var column = 0
      while column < columns {
        guard isMasked[row * columns + column] else {
          column += 1
          continue
        }
        let start = column
        while column < columns, isMasked[row * columns + column] { column += 1 }
        runs.append(
          Rectangle(
            x: plot.x + Double(start) * width, y: plot.y + Double(row) * height,
            width: Double(column - start) * width, height: height))
      }
    }
    return runs
  }
}
