import Kernels
import Tensors

extension Model {
  /// The hidden states after the final norm of several batches, taken through the model together: a
  /// layer's weights serve all of them before the next layer's turn, which is how weights that stay
  /// in their file are read once.
  ///
  /// Shape: each result [batch, time, hidden].
  /// - Parameters:
  ///   - observers: one for each batch, or none.
  ///   - afterLayer: told the share of the layers that is done.
  /// - Throws: what the device throws, reading weights, or the observers.
  package func hidden(
    layerByLayer batches: [TokenIDs], observers: [ActivationObserver] = [],
    afterLayer: (Double) throws -> Void = { _ in }
  ) throws -> [Tensor] {
    precondition(observers.isEmpty || observers.count == batches.count)
    let passes = try batches.enumerated().map { index, ids in
      try ForwardPass(
        self, batch: ids.batch, time: ids.time,
        observer: observers.isEmpty ? nil : observers[index])
    }
    var states = try zip(passes, batches).map { try $0.embed($1) }
    let layers = activeLayers
    for (done, layer) in layers.enumerated() {
      for index in passes.indices { states[index] = try passes[index].layer(layer, states[index]) }
      weights.releaseLayers()
      try afterLayer(Double(done + 1) / Double(layers.count))
    }
    for index in passes.indices { states[index] = try passes[index].finish(states[index]) }
    return states
  }

  /// Windows in batches of `size`, and the batches in lists that go through the model together: one
  /// at a time where the weights are on the device, else as many as a quarter of its memory holds.
  ///
  /// - Parameter bytes: what a window takes on the device while its list is on its way.
  package func schedule(_ windows: Range<Int>, batch size: Int, bytes: Int) -> [[Range<Int>]] {
    let batches = stride(from: windows.lowerBound, to: windows.upperBound, by: size).map {
      $0..<min($0 + size, windows.upperBound)
    }
    guard weights.isStreamed else { return batches.map { [$0] } }
    let together = max(1, device.memory.available / 4 / max(1, bytes * size))
    return stride(from: 0, to: batches.count, by: together).map {
      Array(batches[$0..<min($0 + together, batches.count)])
    }
  }
}
