import Kernels
import Tensors

/// Keys and values of the positions that a model has seen, so that generation computes each once.
package final class KeyValueCache {
  private let layers: [(keys: Tensor, values: Tensor)]
  /// The positions that every layer holds.
  package private(set) var length = 0
  /// The most positions that fit.
  package let capacity: Int

  /// An empty cache; memory is taken for the whole capacity.
  package init(_ model: Model, batch: Int, capacity: Int) throws {
    let sizes = model.architecture
    self.capacity = capacity
    layers = try (0..<sizes.layers).map { _ in
      let shape = [batch, capacity, sizes.kvHeads, sizes.headDim]
      return (
        try Tensor(uninitialized: shape, on: model.device),
        try Tensor(uninitialized: shape, on: model.device)
      )
    }
  }

  /// Writes a layer's next keys and values and gives all of the layer's.
  func append(_ k: Tensor, _ v: Tensor, layer: Int) throws -> (keys: Tensor, values: Tensor) {
    precondition(length + k.shape[1] <= capacity, "the cache holds \(capacity) positions")
    let whole = AxisIndex.slice(start: nil, end: nil, step: nil)
    let next = AxisIndex.slice(start: length, end: length + k.shape[1], step: nil)
    try layers[layer].keys.setItem([whole, next], to: k)
    try layers[layer].values.setItem([whole, next], to: v)
    return layers[layer]
  }

  func advance(by count: Int) { length += count }
}
