import Compression
import Evaluation
import Kernels
import Models
import Tensors
import TestFixtures
import Testing

/// What each kind of work copies between host and device, on every device. Traffic is the device's
/// own and other tests use the same devices, so each of these has a process to itself.
@Suite struct TrafficTests {
  /// Ids go in and the loss comes out with the gradient's norm; all else stays on the device.
  @Test func aStepCopiesIdsInAndOneRecordOut() async {
    await #expect(processExitsWith: .success) {
      for test in testDevices {
        let golden = try Golden("llama-tied")
        let teacher = try golden.model(on: test.device)
        try expectTraffic(.distillation(teacher: teacher, temperature: 2), golden, teacher)
        try expectTraffic(.languageModelling, golden, teacher)
        try expectTraffic(.languageModelling, golden, teacher, accumulate: 2)
      }
    }
  }

  @Test func aBatchOfScoresIsOneCopyInAndOneOut() async {
    await #expect(processExitsWith: .success) {
      for test in testDevices {
        let golden = try Golden("llama-tied")
        let model = try golden.model(on: test.device)
        let windows = try golden.windows("windows")
        // The first pass makes what the model keeps on its device.
        _ = try importance(model, windows)
        let batch = evaluationBatch(length: windows.length)
        let many = windows.selecting((0..<2 * batch + 1).map { $0 % windows.count })
        let identity = try ModelIdentity(of: model)
        let before = try test.device.traffic
        _ = try importance(model, many, identity: identity)
        let traffic = try test.device.traffic - before
        #expect(traffic.uploads == 3, "\(test)")
        #expect(traffic.uploadedBytes == many.ids.count * 8, "\(test)")
        #expect(traffic.downloads == 3, "\(test)")
      }
    }
  }

  @Test func aBatchOfLossesIsOneCopyInAndOneOut() async {
    await #expect(processExitsWith: .success) {
      for test in testDevices {
        let golden = try Golden("llama-tied")
        let model = try golden.model(on: test.device)
        let windows = try golden.windows("windows")
        _ = try loss(model, windows)
        let before = try test.device.traffic
        _ = try loss(model, windows)
        let traffic = try test.device.traffic - before
        #expect(traffic.uploads == 1 && traffic.downloads == 1, "\(test)")
        #expect(traffic.uploadedBytes == windows.ids.count * 8, "\(test)")
      }
    }
  }

  /// A greedy token reads its id back, and whether any logit was not finite; a draw reads all
  /// logits.
  @Test func aTokenIsOneCopyInAndOneOut() async {
    await #expect(processExitsWith: .success) {
      for test in testDevices {
        let model = try Golden("llama-tied").model(on: test.device)
        for temperature in [0, 1.5] {
          func generate() throws -> Int {
            var generator = RandomGenerator(seed: 0)
            return try model.generate(
              [5, 6], count: 20, sampling: Sampling(temperature: temperature), using: &generator
            ).count
          }
          #expect(try generate() == 20)
          let before = try test.device.traffic
          #expect(try generate() == 20)
          let traffic = try test.device.traffic - before
          #expect(traffic.uploads == 20 && traffic.downloads == 20, "\(test)")
          #expect(traffic.uploadedBytes == 21 * 8, "\(test)")
          let perToken = temperature == 0 ? 2 * 8 : model.architecture.vocab * 4
          #expect(traffic.downloadedBytes == 20 * perToken, "\(test)")
        }
      }
    }
  }
}

/// Trains a smaller copy of `model` and looks at every step but the first, in which the model makes
/// what it keeps on its device.
private func expectTraffic(
  _ objective: Objective, _ golden: Golden, _ model: Model, accumulate: Int = 1
) throws {
  var settings = TrainingSettings(steps: 5)
  settings.batch = 2
  settings.accumulate = accumulate
  let windows = try golden.windows("windows")
  let student = try prune(model, PruningRequest(drop: [1]))
  let trainer = try Trainer(student, objective, windows, settings: settings)
  var ends: [Traffic] = []
  try trainer.train { _ in ends.append(model.device.traffic) }
  for (before, after) in zip(ends, ends.dropFirst()) {
    let step = after - before
    #expect(step.uploads == accumulate)
    #expect(step.uploadedBytes == accumulate * 2 * windows.length * 8)
    #expect(step.downloads == 1)
    #expect(step.downloadedBytes == 8)
    #expect(step.products > 0)
  }
}
