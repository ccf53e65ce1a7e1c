import Kernels
import Models
import Tensors

/// How much a ranking by importance changes with the calibration windows: resamples of the windows'
/// groups, with replacement, are each ranked and compared with the ranking by all windows
/// (bootstrap).
///
/// Units are ranked as pruning ranks them: heads inside their key-value group (inside their layer
/// where every head has keys of its own), neurons inside their layer, channels and layers all
/// together; a number of several rankings is their mean.
public struct Stability: Sendable, Equatable {
  /// A measure over the resamples.
  public struct Band: Sendable, Equatable {
    /// The mean of all resamples.
    public let mean: Double
    /// The 2.5th percentile.
    public let low: Double
    /// The 97.5th percentile.
    public let high: Double
  }

  /// What was ranked.
  public let axis: ImportanceAxis
  /// How many units of each ranking count as its top.
  public let top: Int
  /// Units of each ranking.
  public let units: Int
  /// How many rankings were compared in each resample.
  public let rankings: Int
  /// How many resamples were drawn.
  public let resamples: Int
  /// Kendall's tau-b against the ranking by all windows; 1 is the same order.
  public let tau: Band
  /// The share of the top units by all windows that a resample's top keeps.
  public let overlap: Band
  /// The same for tops of other sizes, the smallest first.
  public let levels: [Level]

  /// How much of a top of one size is kept.
  public struct Level: Sendable, Equatable {
    /// How many units of each ranking count as its top.
    public let top: Int
    /// The share of them that a resample's top keeps.
    public let overlap: Band
  }
}

extension Importance {
  /// How stable the ranking of an axis is: batch l2, sequence mean, neurons post-activation, as
  /// pruning ranks. The same seed gives the same numbers.
  ///
  /// - Parameters:
  ///   - k: how many units are the top of a ranking: a count of the axis's units (of one layer for
  ///     heads and neurons), or a fraction of them.
  ///   - resamples: how many times the groups are drawn.
  /// - Throws: `CompressionError` for fewer than two windows, a size that is not possible, or
  ///   rankings of one unit; `Interrupted`.
  public func stability(
    _ axis: ImportanceAxis, k: Size = .fraction(0.5), resamples: Int = 200, seed: Int = 0
  ) throws -> Stability {
    guard resamples > 0 else {
      throw CompressionError.invalid("stability needs at least one resample, not \(resamples)")
    }
    guard groupSizes.count > 1 else {
      throw CompressionError.invalid(
        "stability draws the windows anew and these scores are of \(windows) window: score at least "
          + "2 windows, better \(Self.maximumGroups) and more")
    }
    var ranking = try Rankings(of: axis, full: scores(axis).values, in: architecture, top: k)
    let resampler = Resampler(self, axis)
    var generator = RandomGenerator(seed: seed)
    var taus: [Double] = []
    var overlaps = ranking.tops.map { _ in [Double]() }
    for _ in 0..<resamples {
      try Interrupt.check()
      var counts = Array(repeating: 0, count: groupSizes.count)
      for _ in counts.indices { counts[Int(generator.uniform() * Double(counts.count))] += 1 }
      let (tau, kept) = ranking.compare(resampler.scores(counts))
      taus.append(tau)
      for (level, share) in kept.enumerated() { overlaps[level].append(share) }
    }
    return Stability(
      axis: axis, top: ranking.tops[0].count, units: ranking.units, rankings: ranking.count,
      resamples: resamples, tau: Stability.Band(taus), overlap: Stability.Band(overlaps[0]),
      levels: zip(ranking.tops, overlaps).dropFirst().map { top, overlaps in
        Stability.Level(top: top.count, overlap: Stability.Band(overlaps))
      })
  }
}

extension Stability.Band {
  /// The mean and the percentiles, interpolated between neighbouring values; resamples in which a
  /// measure is not defined do not count.
  init(_ all: [Double]) {
    let sorted = all.filter { !$0.isNaN }.sorted()
    guard !sorted.isEmpty else {
      self.init(mean: .nan, low: .nan, high: .nan)
      return
    }
    func percentile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let (low, high) = (Int(place.rounded(.down)), Int(place.rounded(.up)))
      return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
    self.init(
      mean: sorted.reduce(0, +) / Double(sorted.count), low: percentile(0.025),
      high: percentile(0.975))
  }
}

/// The rankings of an axis by all windows, to compare others with.
private struct Rankings {
  /// The best units of each ranking.
  struct Top {
    /// How many of a ranking.
    let count: Int
    /// Whether a unit is among them.
    var contains: [Bool]
  }

  let units: Int
  let count: Int
  /// The top that was asked for, then those of other sizes.
  private(set) var tops: [Top]
  private var taus: [KendallTau]

  /// The shares of a ranking whose tops are compared beside the one that is asked for.
  private static let shares = (1...9).map { Double($0) / 10 }

  init(
    of axis: ImportanceAxis, full: [Double], in sizes: Architecture, top k: Size
  ) throws {
    let asked: Int
    switch axis {
    case .heads:
      let groups = sizes.rankedGroups
      units = sizes.heads / groups
      asked = try k.resolvedHeads(of: sizes.heads, groups: groups, name: "k") / groups
    case .neurons, .channels, .layers:
      let all = [
        ImportanceAxis.neurons: sizes.ffn, .channels: sizes.hidden, .layers: sizes.layers,
      ]
      units = all[axis] ?? 0
      asked = try k.resolved(of: units, name: "k")
    }
    guard units > 1 else {
      throw CompressionError.invalid(
        "the stability of \(axis.rawValue) needs two to rank, and a ranking of this model has one")
    }
    count = full.count / units
    let others = Self.shares.map { [units] in Int(($0 * Double(units)).rounded()) }
    let levels = Set(others).subtracting([0, units]).sorted()
    let none = [Bool](repeating: false, count: full.count)
    var tops = ([asked] + levels).map { Top(count: $0, contains: none) }
    var taus: [KendallTau] = []
    for first in stride(from: 0, to: full.count, by: units) {
      let scores = full[first..<first + units]
      for level in tops.indices {
        for unit in highest(tops[level].count, of: scores) {
          tops[level].contains[first + unit] = true
        }
      }
      taus.append(KendallTau(scores))
    }
    self.tops = tops
    self.taus = taus
  }

  /// The mean tau and the mean share of units kept of each top. Rankings without an order, all of
  /// whose units score the same, have no tau and do not count.
  mutating func compare(_ scores: [Double]) -> (tau: Double, kept: [Double]) {
    var (sum, ordered) = (0.0, 0)
    var kept = tops.map { _ in 0 }
    for ranking in taus.indices {
      let first = ranking * units
      let tau = taus[ranking].tau(scores[first..<first + units])
      if !tau.isNaN {
        sum += tau
        ordered += 1
      }
      for level in tops.indices {
        kept[level] += topKept(tops[level], scores, first, sorted: taus[ranking].sorted)
      }
    }
    let shares = zip(kept, tops).map { Double($0) / Double($1.count * taus.count) }
    return (ordered == 0 ? .nan : sum / Double(ordered), shares)
  }

  /// How many top units are among the top of these scores; ties go to the lower index, as in
  /// pruning.
  private func topKept(
    _ top: Top, _ scores: [Double], _ first: Int, sorted: [Double]
  ) -> Int {
    let threshold = sorted[units - top.count]
    var free = top.count
    for unit in first..<first + units where scores[unit] > threshold { free -= 1 }
    var kept = 0
    for unit in first..<first + units {
      if scores[unit] > threshold {
        kept += top.contains[unit] ? 1 : 0
      } else if scores[unit] == threshold, free > 0 {
        free -= 1
        kept += top.contains[unit] ? 1 : 0
      }
    }
    return kept
  }
}
