import Foundation

/// How often numbers fall between common edges, one outline a series, laid over each other.
public struct Histogram: Sendable {
  /// Numbers of one look.
  public struct Series: Sendable {
    /// What the legend says; empty keeps the numbers out of it.
    public let name: String
    /// The numbers; those that are not finite are left out.
    public let values: [Double]

    /// Numbers.
    public init(name: String = "", values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// The series, in the order of the legend.
  public let series: [Series]
  /// The borders of the bins, ascending; each holds its lower one, the last both.
  public let edges: [Double]
  /// The height of each bin, by series: how many numbers, or their share by the bin's width.
  public let heights: [[Double]]
  /// Whether the vertical axis is logarithmic; empty bins are then gaps.
  public let isLogarithmic: Bool
  /// How many numbers are not finite.
  let missing: Int

  private static let mostBins = 2000

  /// A histogram of `series`.
  ///
  /// - Parameters:
  ///   - bins: how many; nil takes NumPy's `auto` over all series: the narrower of Sturges' width
  ///     and Freedman and Diaconis', which is no less than half the root's.
  ///   - isDensity: whether the area under each series is 1.
  /// - Throws: `FigureError` where no number is finite or the bins are none or too many.
  public init(
    series: [Series], bins: Int? = nil, isDensity: Bool = false, isLogarithmic: Bool = false
  ) throws {
    let finite = series.map { $0.values.filter(\.isFinite) }
    let all = finite.flatMap(\.self).sorted()
    guard let least = all.first, let most = all.last else {
      throw FigureError("nothing to draw: no value of the histogram is finite")
    }
    if let bins, !(1...Self.mostBins).contains(bins) {
      throw FigureError("a histogram has 1 to \(Self.mostBins) bins, not \(bins)")
    }
    guard (most - least).isFinite else {
      throw FigureError("the values reach \(least) to \(most): too far apart for bins")
    }
    guard max(least.magnitude, most.magnitude) <= AxisLimits.most else {
      throw FigureError("the values reach \(least) to \(most): too large to draw")
    }
    func borders(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
      let width = (range.upperBound - range.lowerBound) / Double(count)
      return (0...count).map {
        $0 == count ? range.upperBound : range.lowerBound + Double($0) * width
      }
    }
    var count = bins ?? Self.count(for: all)
    let isPoint = widened(least...most) != least...most
    var made = isPoint ? [] : borders(least...most, count)
    if made.isEmpty || !zip(made, made.dropFirst()).allSatisfy({ $0 < $1 }) {
      // A single value stands in the middle of bins of width 1 in all, as in NumPy; so do values that
      // no axis tells apart.
      count = bins ?? 1
      let half = max(0.5, least.magnitude * 1e-9)
      made = borders(
        max(least - half, -AxisLimits.most)...min(least + half, AxisLimits.most), count)
    }
    edges = made
    let width = (made[count] - made[0]) / Double(count)
    self.series = series
    self.isLogarithmic = isLogarithmic
    missing = series.reduce(0) { $0 + $1.values.count } - all.count
    let edges = edges
    heights = finite.map { values in
      var counts = [Double](repeating: 0, count: count)
      for value in values { counts[Self.bin(of: value, edges, width)] += 1 }
      guard isDensity, !values.isEmpty else { return counts }
      return counts.enumerated().map { index, number in
        number / Double(values.count) / (edges[index + 1] - edges[index])
      }
    }
  }

  /// The bin of a value: by division, then one further where rounding took it over an edge.
  private static func bin(of value: Double, _ edges: [Double], _ width: Double) -> Int {
    let last = edges.count - 2
    var bin = min(max(Int((value - edges[0]) / width), 0), last)
    if value < edges[bin], bin > 0 { bin -= 1 }
    if bin < last, value >= edges[bin + 1] { bin += 1 }
    return bin
  }

  /// NumPy's `auto`, of values in order, at most `mostBins`.
  private static func count(for sorted: [Double]) -> Int {
    let count = Double(sorted.count)
    let reach = sorted[sorted.count - 1] - sorted[0]
    guard reach.isNormal else { return 1 }
    func quantile(_ share: Double) -> Double {
      let place = share * (count - 1)
      let low = Int(place)
      let high = min(low + 1, sorted.count - 1)
      return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
    let sturges = reach / (log2(count) + 1)
    let freedman = 2 * (quantile(0.75) - quantile(0.25)) / pow(count, 1 / 3)
    let half = reach / count.squareRoot() / 2
    let width = freedman > 0 ? min(max(freedman, half), sturges) : sturges
    return max(1, Int(min((reach / width).rounded(.up), Double(mostBins))))
  }
}
