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

  init(
    _ model: Model, batch: Int, time: Int, cache: KeyValueCache?, observer: ActivationObserver?
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

  /// Shows an activation to the observer.
  func observe(_ activation: Activation, _ value: Tensor, layer: Int?) throws {
    try observer?(activation, layer, value)
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
    try observe(.queries, q, layer: layer)
    try observe(.keys, k, layer: layer)
    try observe(.values, v, layer: layer)
    let window = architecture.window
    let mixed: Tensor
    if let cache {
      let (keys, values) = try cache.append(k, v, layer: layer)
      mixed = try Tensor.attention(
        q: q, k: keys, v: values, keys: firstPosition + time, window: window)
    } else {
      mixed = try Tensor.attention(q: q, k: k, v: v, window: window)
    }
    try observe(.heads, mixed, layer: layer)
    return mixed
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

  /// The hidden states after the final norm, [batch, time, hidden].
  func run(_ ids: TokenIDs) throws -> Tensor {
    let embedded = try model.weight("model.embed_tokens.weight").rows(unchecked: ids.tensor)
    var x = try masked(embedded, by: .channels, layer: nil)
    try observe(.embedding, x, layer: nil)
    for layer in 0..<architecture.layers where model.mask?.layers.contains(layer) != true {
      try Interrupt.check()
      try observe(.input, x, layer: layer)
      x = try output(of: layer, x)
      try observe(.output, x, layer: layer)
    }
    let out = try norm(x, model.weight("model.norm.weight"))
    try observe(.norm, out, layer: nil)
    return out
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

  /// The logits of every position.
  ///
  /// Shape: ids i64 [batch, time]; result f32 [batch, time, vocab].
  /// - Throws: `ModelError.ids`; what the device throws.
  public func logits(_ ids: Tensor) throws -> Tensor {
    try hidden(TokenIDs(ids, for: self)).linear(head)
  }
}
