import Corpus
import Evaluation
import Foundation
import Models
import TestFixtures
import Testing

/// Losses of windows that say what is learnt, against the logits' own arithmetic.
@Suite struct MaskedLossTests {
  /// Two windows of 16 of which 3 and 7 targets count; the first id's mark is no target.
  private func windows(_ golden: Golden) throws -> TokenWindows {
    let all = try golden.windows("windows")
    let marks = [0, 3, 4, 15].map { $0 } + [1, 2, 5, 8, 9, 10, 14].map { 16 + $0 }
    return try TokenWindows(
      all.ids[..<32].map { Int($0) }, length: 16, learnt: (0..<32).map { marks.contains($0) })
  }

  @Test(arguments: testDevices)
  func countsTheLearntTargetsAlone(_ test: TestDevice) throws {
    let golden = try Golden("mistral")
    let windows = try windows(golden)
    let model = try golden.model(on: test.device)
    let ids = try windows.batch([0, 1], for: model)
    let vocab = model.architecture.vocab
    let logits = try model.logits(ids.tensor).floats().map(Double.init)
    var means: [Double] = []
    var total = 0.0
    for window in 0..<2 {
      var losses: [Double] = []
      for place in 1..<16 where windows.learnt?[window * 16 + place] == true {
        let row = logits[(window * 16 + place - 1) * vocab..<(window * 16 + place) * vocab]
        let target = row[row.startIndex + Int(windows[window][window * 16 + place])]
        losses.append(log(row.reduce(0) { $0 + exp($1) }) - target)
      }
      #expect(losses.count == windows.counted(window))
      means.append(losses.reduce(0, +) / Double(losses.count))
      total += losses.reduce(0, +)
    }
    let found = try loss(model, windows)
    #expect(found.tokens == 10)
    #expect(abs(found.mean - total / 10) < 1e-5)
    #expect(abs(found.stderr - abs(means[0] - means[1]) / 2) < 1e-5)
    let rows = try compare([model, model], windows)
    #expect(abs(rows[0].loss - found.mean) < 1e-6)
    #expect(rows[1].agreement == 1)
  }

  @Test(arguments: testDevices)
  func targetsAreTheLearntIDs(_ test: TestDevice) throws {
    let golden = try Golden("mistral")
    let windows = try windows(golden)
    let model = try golden.model(on: test.device)
    let targets = try windows.targets([1, 0], of: windows.batch([1, 0], for: model))
    let found = try targets.integers()
    for (row, window) in [1, 0].enumerated() {
      for place in 0..<16 {
        let next = window * 16 + place + 1
        let isLearnt = place < 15 && windows.learnt?[next] == true
        #expect(found[row * 16 + place] == (isLearnt ? Int64(windows.ids[next]) : -1))
      }
    }
    let plain = try TokenWindows(windows.ids.map { Int($0) }, length: 16)
    #expect(plain.counted(0..<2) == 30)
    #expect(
      try plain.targets([0], of: plain.batch([0], for: model)).integers()
        == plain.ids[1..<16].map(Int64.init) + [-1])
  }

  /// Marks on everything change nothing.
  @Test func allLearntIsNoMask() throws {
    let golden = try Golden("llama-mha")
    let plain = try golden.windows("windows")
    let marked = try TokenWindows(
      plain.ids.map { Int($0) }, length: plain.length,
      learnt: plain.ids.map { _ in true })
    let (first, second) = try (loss(golden.model(), plain), loss(golden.model(), marked))
    #expect(abs(first.mean - second.mean) < 1e-12 && first.stderr == second.stderr)
    #expect(first.tokens == second.tokens)
  }

  @Test func marksThatDoNotFit() throws {
    #expect(
      message { try TokenWindows([1, 2, 3, 4], length: 2, learnt: [true]) }
        == "4 ids need as many marks of what is learnt, not 1")
    #expect(
      message { try TokenWindows([1, 2, 3, 4], length: 2, learnt: [true, true, true, false]) }
        == "window 1 holds no token to learn after its first")
  }
}
