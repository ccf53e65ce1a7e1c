import Compression
import Corpus
import Files
import JSONFormat
import Models
import TestFixtures
import TestTools
import Testing

/// How far rankings hold, and the statistics under it.
@Suite struct StabilityTests {
  /// SciPy's values, from Tests/Fixtures/kendall.py.
  @Test func kendallsTau() throws {
    let file = try MappedFile(path: fixturePath("ranks/kendall.json"))
    let cases = try #require(JSON(reading: file.withBytes(Array.init)).array)
    #expect(cases.count > 30)
    for (index, row) in cases.enumerated() {
      func numbers(_ key: String) throws -> [Double] {
        try #require(row[key]?.array).compactMap(\.double)
      }
      var ranking = KendallTau(try numbers("x"))
      // A second use must not remember the first.
      _ = ranking.tau(try numbers("x"))
      let found = ranking.tau(try numbers("y"))
      if let wanted = row["tau"]?.double {
        #expect(abs(found - wanted) < 1e-12, "case \(index)")
      } else {
        #expect(found.isNaN, "case \(index)")
      }
    }
  }

  /// Drawing windows is scoring the windows that were drawn.
  @Test(arguments: ImportanceAxis.allCases)
  func aDrawIsAScoringOfItsWindows(_ axis: ImportanceAxis) throws {
    let golden = try Golden("llama-tied")
    let (model, windows) = (try golden.model(), try golden.windows("windows"))
    let drawn = Resampler(try importance(model, windows), axis).scores([2, 0, 1, 2, 0])
    let wanted = try importance(model, windows.selecting([0, 0, 2, 3, 3])).scores(axis)
    #expect(maximumRelativeError(drawn, wanted.values.map { Float($0) }) < 1e-5)
  }

  /// Two windows can be drawn in three ways: each alone, with 1/4, and both.
  @Test func twoWindows() throws {
    let golden = try Golden("llama-untied-rope3")
    let (model, windows) = (try golden.model(), try golden.windows("windows").selecting([0, 3]))
    let both = try importance(model, windows)
    let alone = try [0, 1].map { try importance(model, windows.selecting([$0])) }
    let found = try both.stability(.channels, k: .count(5), resamples: 4000, seed: 3)
    let full = both.scores(.channels).values
    let taus = alone.map { slowTau(full, $0.scores(.channels).values) }
    let shares = alone.map { share(of: top(5, full), keptIn: top(5, $0.scores(.channels).values)) }
    #expect(abs(found.tau.mean - (0.5 + (taus[0] + taus[1]) / 4)) < 0.02)
    #expect(abs(found.tau.low - (taus.min() ?? 0)) < 1e-9 && abs(found.tau.high - 1) < 1e-9)
    #expect(abs(found.overlap.mean - (0.5 + (shares[0] + shares[1]) / 4)) < 0.02)
    #expect(found.overlap.low == shares.min())
    #expect(found.top == 5 && found.units == 32 && found.rankings == 1)
  }

  @Test func everyAxis() throws {
    let golden = try Golden("llama-tied")
    let scores = try importance(golden.model(), golden.windows("windows"))
    for axis in ImportanceAxis.allCases {
      let found = try scores.stability(axis, resamples: 100, seed: 1)
      #expect(try found == scores.stability(axis, resamples: 100, seed: 1), "\(axis)")
      for band in [found.tau, found.overlap] {
        #expect(band.low <= band.mean && band.mean <= band.high && band.high <= 1, "\(axis)")
      }
      #expect(found.tau.mean > 0 && found.tau.low < 1, "\(axis)")
      // All units are always kept.
      let whole = try scores.stability(axis, k: .fraction(1), resamples: 5)
      #expect(whole.overlap.low == 1 && whole.overlap.mean == 1 && whole.overlap.high == 1)
    }
    // Six heads in two groups: three to a ranking, two rankings in each of four layers.
    let heads = try scores.stability(.heads, resamples: 5)
    #expect(heads.units == 3 && heads.rankings == 8 && heads.top == 2)
    let together = try importance(
      Golden("llama-mha").model(), Golden("llama-mha").windows("windows"))
    #expect(try together.stability(.heads, resamples: 5).units == 4)
  }

  @Test func copiesOfAWindowChangeNothing() throws {
    let golden = try Golden("mistral")
    let copies = try golden.windows("windows").selecting([0, 0, 0, 0])
    let found = try importance(golden.model(), copies).stability(.neurons)
    #expect(found.tau.low > 0.999 && found.overlap.low > 0.99)
  }

  @Test func refusals() throws {
    let golden = try Golden("llama-tied")
    let (model, windows) = (try golden.model(), try golden.windows("windows"))
    let scores = try importance(model, windows)
    #expect(
      message { try importance(model, windows.selecting([0])).stability(.heads) }
        == "stability draws the windows anew and these scores are of 1 window: score at least 2 "
        + "windows, better 32 and more")
    #expect(
      message { try scores.stability(.neurons, k: .count(41)) }
        == "k=41 is not possible: the model has 40, and at least 1 must stay")
    #expect(
      message { try scores.stability(.heads, k: .count(3)) }
        == "k=3 is no multiple of the 2 key-value heads, which stay; 2 or 4 would do")
    #expect(
      message { try scores.stability(.layers, resamples: 0) }
        == "stability needs at least one resample, not 0")
    let single = try prune(model, PruningRequest(drop: [0, 1, 2]))
    #expect(
      message { try importance(single, windows).stability(.layers) }
        == "the stability of layers needs two to rank, and a ranking of this model has one")
  }
}

/// Tau-b without ties, pair by pair.
private func slowTau(_ x: [Double], _ y: [Double]) -> Double {
  var sum = 0
  for first in x.indices {
    for second in 0..<first {
      sum += (x[first] - x[second]) * (y[first] - y[second]) > 0 ? 1 : -1
    }
  }
  return Double(sum) / Double(x.count * (x.count - 1) / 2)
}

private func top(_ count: Int, _ scores: [Double]) -> Set<Int> {
  Set(scores.indices.sorted { scores[$0] > scores[$1] }.prefix(count))
}

private func share(of all: Set<Int>, keptIn other: Set<Int>) -> Double {
  Double(all.intersection(other).count) / Double(all.count)
}
