import Compression
import Kernels
import Models
import Tensors
import TestFixtures
import Testing

/// Activation checkpointing: the same bits, less memory.
@Suite struct RecomputedLayersTests {
  @Test(arguments: Golden.names, testDevices)
  func givesTheSameBits(name: String, on test: TestDevice) throws {
    for precision in test.precisions {
      try expectTheSameBits(name, on: test.device(at: precision))
    }
  }

  private func expectTheSameBits(_ name: String, on device: any Device) throws {
    let golden = try Golden(name)
    func trained(recomputing: Bool) throws -> (run: Run, weights: [[Float]]) {
      var settings = TrainingSettings(steps: 3)
      settings.batch = 2
      settings.accumulate = 2
      settings.learningRate = 1e-3
      settings.gradientCheckpointing = recomputing
      let teacher = try golden.model(on: device)
      let student = try prune(teacher, PruningRequest(drop: [1]))
      let trainer = try Trainer(
        student, .distillation(teacher: teacher, temperature: 1), golden.windows("windows"),
        heldOut: golden.windows("held_out"), settings: settings)
      try trainer.train()
      #expect(!student.recomputesLayers)
      return (trainer.run, try student.weights.all.map { try $0.floats() })
    }
    let (kept, recomputed) = (
      try trained(recomputing: false), try trained(recomputing: true)
    )
    #expect(kept.run.loss == recomputed.run.loss)
    #expect(kept.run.gradientNorm == recomputed.run.gradientNorm)
    #expect(kept.run.heldOut.map(\.loss) == recomputed.run.heldOut.map(\.loss))
    #expect(kept.weights == recomputed.weights)
  }

  /// A state that a loss takes from between two layers has its gradient too, once.
  @Test(arguments: testDevices)
  func statesBetweenLayersKeepTheirGradients(_ test: TestDevice) throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model(on: test.device)
    let ids = try golden.windows("windows").batch([0, 1], for: model)
    for weight in model.weights.all { weight.isTracked = true }
    func found(recomputing: Bool) throws -> [[Float]] {
      model.recomputesLayers = recomputing
      var state: Tensor?
      var seen = 0
      let hidden = try model.hidden(ids) { activation, layer, value in
        seen += 1
        if activation == .output, layer == 1 { state = value }
      }
      let middle = try #require(state)
      let loss = try middle.times(middle).sum().plus(hidden.sum())
      let gradients = try gradients(of: loss, for: model.weights.all)
      #expect(seen == Activation.names(layers: model.architecture.layers).count)
      return try gradients.map { try $0.floats() }
    }
    let (kept, recomputed) = (
      try found(recomputing: false), try found(recomputing: true)
    )
    for (a, b) in zip(kept, recomputed) {
      let largest = a.map(abs).max() ?? 0
      #expect(largest > 0 && maximumDifference(a, b) <= 1e-5 * largest)
    }
  }

  /// What stands between the passes forward and back: of each layer one state, not six.
  @Test(arguments: testDeviceKinds)
  func keepsOneStateALayer(_ test: TestDevice) async {
    await #expect(processExitsWith: .success) { [name = test.description as String] in
      let device = try testDevice(named: name).fresh()
      let golden = try Golden("llama-tied")
      let model = try golden.model(on: device)
      // Windows long enough that states are large beside the smallest block of memory.
      let windows = (0..<64).map { $0 % 5 }
      let ids = try golden.windows("windows").batch(windows, for: model)
      for weight in model.weights.all { weight.isTracked = true }
      func held(recomputing: Bool) throws -> Int {
        model.recomputesLayers = recomputing
        let before = device.memory.used
        let hidden = try model.hidden(ids)
        try device.synchronize()
        let bytes = device.memory.used - before
        // The way back works from what was held.
        let loss = try hidden.sum()
        _ = try gradients(of: loss, for: model.weights.all)
        return bytes
      }
      _ = try held(recomputing: false)
      let (kept, recomputed) = (
        try held(recomputing: false), try held(recomputing: true)
      )
      let state = windows.count * 16 * model.architecture.hidden * 4
      print("\(name): \(kept) bytes held, \(recomputed) recomputing, a state is \(state)")
      try #require(recomputed * 2 < kept)
      try #require(recomputed < (model.architecture.layers + 4) * 2 * state)
    }
  }
}
