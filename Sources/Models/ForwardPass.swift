import Kernels
import Tensors

/// One pass of token ids through a model: what a family's layers need of the model, the batch, the
/// cache and the observer.
package final class ForwardPass {
  let model: Model
  let batch: Int
  let time: Int
  let cache: KeyValueCache?
  private let observer: ActivationObserver?
  private let firstPosition: Int
  private let tables: RotaryTables

  package init(
    _ model: Model, batch: Int, time: Int, cache: KeyValueCache? = nil,
    observer: ActivationObserver? = nil
  ) throws {
    self.model = model
    self.batch = batch
    self.time = time
    self.cache = cache
    self.observer = observer
    firstPosition = cache?.length ?? 0
    // All that a growing text will need are made, and copied to the device, once.
    tables = try model.rotaryTables(positions: cache?.capacity ?? time)
  }

  var architecture: Architecture { model.architecture }

  /// A layer's weight.
  func weight(_ role: String, layer: Int) throws -> Tensor {
    try model.weight("model.layers.\(layer).\(role)")
  }

  /// Shows an activation to the observer, and gives the value to go on with: another one where the
  /// model is a view that edits it.
  func observe(_ activation: Activation, _ value: Tensor, layer: Int?) throws -> Tensor {
    let value = model.edits.isEmpty ? value : try model.edited(activation, value, layer: layer)
    try observer?(activation, layer, value)
    return value
  }

  /// The root-mean-square norm with a layer's weight; masked channels do not count.
  func norm(_ x: Tensor, _ role: String, layer: Int) throws -> Tensor {
    try norm(x, weight(role, layer: layer))
  }

  func norm(_ x: Tensor, _ weight: Tensor) throws -> Tensor {
    let off = model.mask?.channels.count ?? 0
    return try x.rmsNorm(
      weight: weight, epsilon: Float(architecture.normEpsilon),
      divisor: off == 0 ? nil : architecture.hidden - off)
  }

  /// Heads turned by their positions; x [batch, time, heads, headDim].
  func rotate(_ x: Tensor) throws -> Tensor {
    try x.rotary(cosines: tables.cosines, sines: tables.sines, firstPosition: firstPosition)
  }

  /// Causal attention over these keys and the cached ones.
  func attend(q: Tensor, k: Tensor, v: Tensor, layer: Int) throws -> Tensor {
    let q = try observe(.queries, q, layer: layer)
    let k = try observe(.keys, k, layer: layer)
    let v = try observe(.values, v, layer: layer)
    let window = architecture.window
    let mixed: Tensor
    if let cache {
      let (keys, values) = try cache.append(k, v, layer: layer)
      mixed = try Tensor.attention(
        q: q, k: keys, v: values, keys: firstPosition + time, window: window)
    } else {
      mixed = try Tensor.attention(q: q, k: k, v: v, window: window)
    }
    return try observe(.heads, mixed, layer: layer)
  }

  /// The value with masked units at zero.
  func masked(_ x: Tensor, by units: MaskedUnits, layer: Int?) throws -> Tensor {
    guard let factors = model.factors else { return x }
    let factor: Tensor? =
      switch (units, layer) {
      case (.heads, let layer?): factors.heads[layer]
      case (.neurons, let layer?): factors.neurons[layer]
      default: factors.channels
      }
    return try factor.map { try x.times($0) } ?? x
  }

  /// The embedded ids, [batch, time, hidden].
  package func embed(_ ids: TokenIDs) throws -> Tensor {
    let name = "model.embed_tokens.weight"
    let embedded =
      try model.weights.stream?.rows(ids.tensor, of: name, width: architecture.hidden)
      ?? model.weight(name).rows(unchecked: ids.tensor)
    return try observe(.embedding, masked(embedded, by: .channels, layer: nil), layer: nil)
  }

  /// The residual stream after a layer, of the one before it [batch, time, hidden].
  package func layer(_ index: Int, _ input: Tensor) throws -> Tensor {
    try Interrupt.check()
    let input = try observe(.input, input, layer: index)
    let output = try output(of: index, input)
    return try observe(.output, output, layer: index)
  }

  /// The hidden states after the final norm, of the residual stream after the last layer.
  package func finish(_ x: Tensor) throws -> Tensor {
    try observe(.norm, norm(x, model.weight("model.norm.weight")), layer: nil)
  }

  /// The hidden states after the final norm, [batch, time, hidden].
  func run(_ ids: TokenIDs) throws -> Tensor {
    var x = try embed(ids)
    for index in model.activeLayers {
      x = try layer(index, x)
      model.weights.releaseLayers()
    }
    return try finish(x)
  }
}

extension Model {
  /// The hidden states after the final norm.
  ///
  /// Shape: ids [batch, time], of this model or another of its vocabulary and device; result [batch,
  /// time, hidden].
  /// - Parameters:
  ///   - cache: keys and values of earlier positions, which these ids continue.
  ///   - observer: sees every named activation on the way.
  /// - Throws: what the device throws.
  package func hidden(
    _ ids: TokenIDs, cache: KeyValueCache? = nil, observer: ActivationObserver? = nil
  ) throws -> Tensor {
    precondition(
      ids.vocabulary <= architecture.vocab && ids.tensor.device === device,
      "ids of a larger vocabulary, or on another device")
    let pass = try ForwardPass(
      self, batch: ids.batch, time: ids.time, cache: cache, observer: observer)
    let result = try pass.run(ids)
    cache?.advance(by: ids.time)
    return result
  }

  /// The layers that no mask skips.
  package var activeLayers: [Int] {
    (0..<architecture.layers).filter { mask?.layers.contains($0) != true }
  }

  /// The logits of every position.
  ///
  /// Shape: ids i64 [batch, time]; result f32 [batch, time, vocab].
  /// - Throws: `ModelError.ids`; what the device throws.
  public func logits(_ ids: Tensor) throws -> Tensor {
    try hidden(TokenIDs(ids, for: self)).linear(head)
  }
}
