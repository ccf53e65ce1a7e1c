/// Kendall's tau-b of many rankings against one, each in O(n log n): the pairs that are turned
/// round are counted by a merge sort (Knight, Journal of the American Statistical Association 61,
/// 1966).
///
/// tau-b = (concordant − discordant) / √((pairs − tied in x)(pairs − tied in y)).
package struct KendallTau {
  /// Places by rising reference value.
  private let order: [Int]
  /// Runs of equal reference values, as ranges of `order`; those of one value left out.
  private let ties: [Range<Int>]
  private var values: [Double]
  private var spare: [Double]

  /// A reference ranking of at least one value.
  package init(_ reference: some Collection<Double>) {
    let reference = Array(reference)
    let order = reference.indices.sorted {
      reference[$0] < reference[$1] || (reference[$0] == reference[$1] && $0 < $1)
    }
    self.order = order
    ties = Self.runs(order.map { reference[$0] })
    values = Array(repeating: 0, count: order.count)
    spare = values
  }

  /// Tau-b of values in the reference's places; NaN where all of either are equal.
  package mutating func tau(_ other: some RandomAccessCollection<Double>) -> Double {
    for (place, index) in order.enumerated() {
      values[place] = other[other.index(other.startIndex, offsetBy: index)]
    }
    var tiedInBoth = 0
    for run in ties {
      values[run].sort()
      tiedInBoth += Self.pairs(tiedIn: Array(values[run]))
    }
    let turned = sortCountingTurns()
    let pairs = Self.pairs(of: values.count)
    let tiedInReference = ties.reduce(0) { $0 + Self.pairs(of: $1.count) }
    let tiedInOther = Self.pairs(tiedIn: values)
    let concordance = pairs - tiedInReference - tiedInOther + tiedInBoth - 2 * turned
    let scale =
      Double(pairs - tiedInReference).squareRoot() * Double(pairs - tiedInOther).squareRoot()
    return scale == 0 ? .nan : min(max(Double(concordance) / scale, -1), 1)
  }

  /// The values that `tau` was last given, rising.
  var sorted: [Double] { values }

  private static func pairs(of count: Int) -> Int { count * (count - 1) / 2 }

  private static func pairs(tiedIn sorted: [Double]) -> Int {
    runs(sorted).reduce(0) { $0 + pairs(of: $1.count) }
  }

  /// The runs of equal values, of two and more.
  private static func runs(_ sorted: [Double]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = 0
    for end in 1..<max(sorted.count, 1) + 1
    where end >= sorted.count || sorted[end] != sorted[start] {
      if end - start > 1 { runs.append(start..<end) }
      start = end
    }
    return runs
  }

  /// Sorts the values by merging; the number of pairs of which the first was larger.
  private mutating func sortCountingTurns() -> Int {
    let count = values.count
    var turned = 0
    var width = 1
    while width < count {
      values.withUnsafeBufferPointer { source in
        spare.withUnsafeMutableBufferPointer { target in
          for start in stride(from: 0, to: count, by: 2 * width) {
            turned += Self.merge(
              source, start, min(start + width, count), min(start + 2 * width, count), target)
          }
        }
      }
      swap(&values, &spare)
      width *= 2
    }
    return turned
  }

  private static func merge(
    _ source: UnsafeBufferPointer<Double>, _ start: Int, _ middle: Int, _ end: Int,
    _ target: UnsafeMutableBufferPointer<Double>
  ) -> Int {
    var (left, right, turned) = (start, middle, 0)
    for place in start..<end {
      if right == end || (left < middle && source[left] <= source[right]) {
        target[place] = source[left]
        left += 1
      } else {
        target[place] = source[right]
        turned += middle - left
        right += 1
      }
    }
    return turned
  }
}
