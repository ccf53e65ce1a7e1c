import Foundation
import Models
import Tensors
import TestFixtures
import Testing

/// Rotary positions and the sliding window.
@Suite struct PositionTests {
  @Test func unscaledFrequencies() {
    let rope = Rope(theta: 10_000, scaling: .none)
    let found = rope.frequencies(dim: 8)
    #expect(maximumDifference(found, [1, 0.1, 0.01, 0.001]) < 1e-7)
  }

  @Test func linearScalingDividesAll() {
    let plain = Rope(theta: 500, scaling: .none).frequencies(dim: 16)
    let scaled = Rope(theta: 500, scaling: .linear(factor: 4)).frequencies(dim: 16)
    #expect(scaled == plain.map { $0 / 4 })
  }

  /// Llama 3.1: wavelengths above 8192 / 1 are divided by 8, below 8192 / 4 kept, between blended.
  @Test func llama3ScalingBlends() {
    let plain = Rope(theta: 500_000, scaling: .none).frequencies(dim: 128)
    let scaled = Rope(
      theta: 500_000, scaling: .llama3(factor: 8, low: 1, high: 4, originalContext: 8192)
    ).frequencies(dim: 128)
    var kinds: Set<String> = []
    for (before, after) in zip(plain.map(Double.init), scaled.map(Double.init)) {
      let wavelength = 2 * Double.pi / before
      let share: Double = min(max((8192 / wavelength - 1) / 3, 0), 1)
      let wanted: Double = before * (share + (1 - share) / 8)
      #expect(abs(after - wanted) < 1e-6 * before)
      kinds.insert(share == 0 ? "divided" : share == 1 ? "kept" : "blended")
    }
    #expect(kinds.count == 3)
  }

  @Test func readsBothSpellings() throws {
    let wanted = Rope(theta: 77, scaling: .linear(factor: 2))
    let older = try edited("llama-mha") {
      $0["rope_theta"] = 77.0
      $0["rope_scaling"] = ["rope_type": "linear", "factor": 2.0]
    }
    let newer = try edited("llama-mha") {
      $0["rope_theta"] = .none
      $0["rope_parameters"] = ["rope_type": "linear", "factor": 2.0, "rope_theta": 77.0]
    }
    #expect(try configuration(older).architecture.rope == wanted)
    #expect(try configuration(newer).architecture.rope == wanted)
  }

  /// Older files say `type` for `rope_type`.
  @Test func readsTheOldestSpelling() throws {
    let config = try edited("llama-mha") {
      $0["rope_scaling"] = ["type": "linear", "factor": 3.0]
    }
    #expect(
      try configuration(config).architecture.rope
        == Rope(theta: 10_000, scaling: .linear(factor: 3)))
  }

  /// Each layer sees `window` positions, itself included: three layers of 7 see 19 in all.
  @Test func theWindowEndsWhereItShould() throws {
    let model = try Golden("mistral-window").model()
    let window = try #require(model.architecture.window)
    let reach = model.architecture.layers * (window - 1)
    let time = reach + 4
    func last(changing place: Int?) throws -> [Float] {
      var ids = (0..<time).map { Int64(3 + $0 * 7 % 90) }
      if let place { ids[place] = 50 - ids[place] % 2 }
      let batch = try Tensor(ids, shape: [1, time], on: model.device)
      return try model.logits(batch).indexed([.at(0), .at(-1)]).floats()
    }
    let whole = try last(changing: nil)
    #expect(try last(changing: time - 1 - reach - 1) == whole)
    #expect(try last(changing: time - 1 - reach) != whole)
  }
}
