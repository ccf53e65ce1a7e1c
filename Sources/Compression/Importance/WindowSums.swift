/// Sums over windows of a per-window score, for each unit and for each aggregation over positions, so
/// that any aggregation over windows can be had later. Windows are kept in groups, for resampling.
struct WindowSums: Sendable {
  /// Units: all layers' (or norms') units one after the other.
  let units: Int
  let groups: Int
  /// Σ s and Σ s² for each aggregation over positions, [groups, units].
  private var sums: [Aggregation: [Float]]
  private var squares: [Aggregation: [Float]]

  init(units: Int, groups: Int) {
    self.units = units
    self.groups = groups
    let zeros = [Float](repeating: 0, count: units * groups)
    sums = Dictionary(uniqueKeysWithValues: Aggregation.allCases.map { ($0, zeros) })
    squares = sums
  }

  /// Adds windows' scores of some neighbouring units.
  ///
  /// - Parameters:
  ///   - values: [windows, width].
  ///   - offset: the first of these `width` units.
  ///   - group: the group of each window.
  mutating func add(
    _ values: [Float], over sequence: Aggregation, width: Int, offset: Int, groups group: [Int]
  ) {
    for (window, group) in group.enumerated() {
      let base = group * units + offset
      for unit in 0..<width {
        let value = values[window * width + unit]
        sums[sequence, default: []][base + unit] += value
        squares[sequence, default: []][base + unit] += value * value
      }
    }
  }

  /// Each unit's score over the windows of some groups (repeats allowed), which hold `windows` in all.
  func scores(
    batch: Aggregation, sequence: Aggregation, groups chosen: [Int], windows: Int
  ) -> [Double] {
    guard let sums = sums[sequence], let squares = squares[sequence] else { return [] }
    var total = [Double](repeating: 0, count: units)
    var totalSquare = total
    for group in chosen {
      for unit in 0..<units {
        total[unit] += Double(sums[group * units + unit])
        totalSquare[unit] += Double(squares[group * units + unit])
      }
    }
    let count = Double(windows)
    return zip(total, totalSquare).map { sum, square in
      switch batch {
      case .mean: sum / count
      case .l2: square.squareRoot()
      case .var: max(square / count - (sum / count) * (sum / count), 0)
      }
    }
  }

  /// The sums and the squares of an aggregation, one after the other.
  func stored(_ sequence: Aggregation) -> [Float] {
    (sums[sequence] ?? []) + (squares[sequence] ?? [])
  }

  /// Takes what `stored` gave.
  mutating func restore(_ sequence: Aggregation, from values: [Float]) {
    sums[sequence] = Array(values.prefix(units * groups))
    squares[sequence] = Array(values.suffix(units * groups))
  }
}
