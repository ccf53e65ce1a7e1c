/// The default scores of an axis over groups of windows drawn with repeats: what every group adds
/// to them is summed up once, so that a draw costs one weighted sum.
package struct Resampler {
  private let axis: ImportanceAxis
  private let units: Int
  /// Units of one norm, for channels, whose scores of all norms are added.
  private let channels: Int
  /// Σ over a group's windows of the squared scores; of the distances for layers. [groups][units]
  private let parts: [[Double]]
  /// Positions of each group.
  private let positions: [Double]

  package init(_ importance: Importance, _ axis: ImportanceAxis) {
    self.axis = axis
    channels = importance.architecture.hidden
    positions = importance.groupSizes.map { Double($0 * importance.length) }
    switch axis {
    case .heads: parts = importance.headSums.squares(.mean, sizes: importance.groupSizes)
    case .neurons: parts = importance.postSums.squares(.mean, sizes: importance.groupSizes)
    case .channels: parts = importance.channelSums.squares(.mean, sizes: importance.groupSizes)
    case .layers: parts = importance.distanceSums.map { $0.map(Double.init) }
    }
    units = parts.first?.count ?? 0
  }

  /// The scores where each group is drawn so many times.
  package func scores(_ counts: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: units)
    sums.withUnsafeMutableBufferPointer { sums in
      for (part, count) in zip(parts, counts) where count > 0 {
        let weight = Double(count)
        part.withUnsafeBufferPointer { part in
          for unit in 0..<sums.count { sums[unit] += weight * part[unit] }
        }
      }
    }
    switch axis {
    case .heads, .neurons: return sums.map { $0.squareRoot() }
    case .layers:
      let all = zip(positions, counts).reduce(0) { $0 + $1.0 * Double($1.1) }
      return sums.map { $0 / all }
    case .channels:
      var total = [Double](repeating: 0, count: channels)
      for first in stride(from: 0, to: units, by: channels) {
        for channel in 0..<channels { total[channel] += sums[first + channel].squareRoot() }
      }
      return total
    }
  }
}
