import Kernels
import Models
import Tensors
import TestFixtures
import Testing

/// What a training step holds, and that values let go on the way forward change nothing.
@Suite struct StepMemoryTests {
  /// The gradients of a model are those of one whose activations somebody held, bit for bit.
  @Test(arguments: Golden.names, testDevices)
  func lettingGoChangesNoGradient(name: String, on test: TestDevice) throws {
    let golden = try Golden(name)
    for precision in test.precisions {
      let model = try golden.model(on: test.device(at: precision))
      let ids = try golden.windows("windows").batch([0, 1], for: model)
      for weight in model.weights.all { weight.isTracked = true }
      func found(holding: Bool) throws -> [[Float]] {
        var held: [Tensor] = []
        let hidden = try model.hidden(ids) { _, _, value in if holding { held.append(value) } }
        let loss = try hidden.times(hidden).sum()
        defer { withExtendedLifetime(held) {} }
        return try gradients(of: loss, for: model.weights.all).map { try $0.floats() }
      }
      #expect(try found(holding: true) == found(holding: false))
    }
  }

  /// Where the way back begins is where a step holds most: of each layer the residual stream before
  /// and after attention, queries, keys, values, what attention gives, and the MLP's first
  /// projections.
  @Test(arguments: testDeviceKinds)
  func holdsWhatCannotBeMadeAgain(_ test: TestDevice) async {
    await #expect(processExitsWith: .success) { [name = test.description as String] in
      for precision in try testDevice(named: name).precisions {
        let device = try testDevice(named: name).fresh()
        try device.use(precision)
        let golden = try Golden("llama-tied")
        let model = try golden.model(on: device)
        // Windows long enough that states are large beside the smallest block of memory.
        let windows = (0..<64).map { $0 % 5 }
        let ids = try golden.windows("windows").batch(windows, for: model)
        for weight in model.weights.all { weight.isTracked = true }
        _ = try model.hidden(ids)
        let before = device.memory.used
        let hidden = try model.hidden(ids)
        try device.synchronize()
        let held = device.memory.used - before
        let sizes = model.architecture
        let heads = (2 * sizes.heads + 2 * sizes.kvHeads) * sizes.headDim
        // The reciprocal roots of both norms and attention's sums are kept beside them.
        let layer = 2 * sizes.hidden + heads + 2 * sizes.ffn + 2 + sizes.heads
        let needed = (sizes.layers * layer + 2 * sizes.hidden) * ids.tensor.count * 4
        // Blocks of memory are up to an eighth larger.
        try #require(held >= needed / 2 && held <= needed * 9 / 8, "\(held) of \(needed)")
        withExtendedLifetime(hidden) {}
      }
    }
  }
}
