extension Heatmap {
  /// The matrix with at most `mostColumns` columns and `mostRows` rows. Where there are more, each
  /// result is the mean of the values under it by their share of its area: values are averaged,
  /// not colours, and none is skipped. NaN takes no part.
  package func reduced(
    mostColumns: Int, mostRows: Int
  ) -> (values: [Float], rows: Int, columns: Int) {
    let width = min(columns, max(mostColumns, 1))
    let height = min(rows, max(mostRows, 1))
    if width == columns, height == rows { return (values, rows, columns) }
    let across = Self.shares(of: columns, among: width)
    let down = Self.shares(of: rows, among: height)
    var result: [Float] = []
    result.reserveCapacity(width * height)
    for rowShare in down {
      var sums = [Double](repeating: 0, count: width)
      var weights = [Double](repeating: 0, count: width)
      for (row, rowWeight) in rowShare {
        for (index, share) in across.enumerated() {
          for (column, weight) in share {
            let value = values[row * columns + column]
            if value.isNaN { continue }
            sums[index] += Double(value) * weight * rowWeight
            weights[index] += weight * rowWeight
          }
        }
      }
      result += zip(sums, weights).map { $1 > 0 ? Float($0 / $1) : .nan }
    }
    return (result, height, width)
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

  /// The heatmap as an image, one pixel for a cell, fewer where the cells are smaller than the
  /// device's pixels.
  func image(mostColumns: Int, mostRows: Int) -> PixelImage {
    let (values, rows, columns) = reduced(mostColumns: mostColumns, mostRows: mostRows)
    let palette = colors.pixels
    let limits = limits
    let missing = Color.missing.pixel
    let pixels = values.map {
      $0.isNaN ? missing : palette[ColorMap.step(of: Double($0), in: limits)]
    }
    return PixelImage(pixels: pixels, width: columns, height: rows)
  }
}
