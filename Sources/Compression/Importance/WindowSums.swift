/// A per-window score of every unit, summed up for each aggregation over positions so that any
/// aggregation over windows can be had later. Windows are kept in groups, for resampling.
///
/// A group keeps the mean and the sum of squared deviations from it, updated window by window
/// (Welford, 1962): a variance found as a difference of large sums would lose its digits.
struct WindowSums: Sendable {
  /// Units: all layers' (or norms') units one after the other.
  let units: Int
  let groups: Int
  /// The mean of s and Σ (s − mean)² for each aggregation over positions, [groups, units].
  private var means: [Aggregation: [Float]]
  private var deviations: [Aggregation: [Float]]

  init(units: Int, groups: Int) {
    self.units = units
    self.groups = groups
    let zeros = [Float](repeating: 0, count: units * groups)
    means = Dictionary(uniqueKeysWithValues: Aggregation.allCases.map { ($0, zeros) })
    deviations = means
  }

  /// Adds windows' scores of some neighbouring units.
  ///
  /// - Parameters:
  ///   - values: [windows, width].
  ///   - offset: the first of these `width` units.
  ///   - places: the group of each window, and which of its windows it is, from 0.
  mutating func add(
    _ values: ArraySlice<Float>, over sequence: Aggregation, width: Int, offset: Int,
    places: [(group: Int, rank: Int)]
  ) {
    // Taken out of the dictionaries for the loop: a look-up for each element would take far longer.
    guard var mean = means.removeValue(forKey: sequence),
      var deviation = deviations.removeValue(forKey: sequence)
    else { return }
    for (window, place) in places.enumerated() {
      let base = place.group * units + offset
      let first = values.startIndex + window * width
      let share = 1 / Float(place.rank + 1)
      for unit in 0..<width {
        let value = values[first + unit]
        let old = mean[base + unit]
        let new = old + (value - old) * share
        mean[base + unit] = new
        deviation[base + unit] += (value - old) * (value - new)
      }
    }
    means[sequence] = mean
    deviations[sequence] = deviation
  }

  /// Each unit's score over the windows of some groups (repeats allowed), of which `sizes` tells
  /// how many windows each holds.
  func scores(
    batch: Aggregation, sequence: Aggregation, groups chosen: [Int], sizes: [Int]
  ) -> [Double] {
    guard let means = means[sequence], let deviations = deviations[sequence] else { return [] }
    let count = Double(chosen.reduce(0) { $0 + sizes[$1] })
    func sum(_ term: (_ mean: Double, _ deviation: Double, _ size: Double) -> Double, _ unit: Int)
      -> Double
    {
      chosen.reduce(0) { total, group in
        let index = group * units + unit
        return total
          + term(Double(means[index]), Double(deviations[index]), Double(sizes[group]))
      }
    }
    return (0..<units).map { unit in
      switch batch {
      case .mean: return sum({ mean, _, size in size * mean }, unit) / count
      case .l2: return sum({ $1 + $2 * $0 * $0 }, unit).squareRoot()
      case .var:
        let centre = sum({ mean, _, size in size * mean }, unit) / count
        return sum({ $1 + $2 * ($0 - centre) * ($0 - centre) }, unit) / count
      }
    }
  }

  /// Σ s² over the windows of each group, [groups][units].
  func squares(_ sequence: Aggregation, sizes: [Int]) -> [[Double]] {
    guard let means = means[sequence], let deviations = deviations[sequence] else { return [] }
    return (0..<groups).map { group in
      (group * units..<(group + 1) * units).map {
        Double(deviations[$0]) + Double(sizes[group]) * Double(means[$0]) * Double(means[$0])
      }
    }
  }

  /// The means and the deviations of an aggregation, one after the other.
  func stored(_ sequence: Aggregation) -> [Float] {
    (means[sequence] ?? []) + (deviations[sequence] ?? [])
  }

  /// Takes what `stored` gave.
  mutating func restore(_ sequence: Aggregation, from values: [Float]) {
    means[sequence] = Array(values.prefix(units * groups))
    deviations[sequence] = Array(values.suffix(units * groups))
  }
}
