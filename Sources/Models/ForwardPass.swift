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
  private let tables: RotaryTables?

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
    try model.requirePositions(firstPosition + time)
  }

  var architecture: Architecture { model.architecture }

  /// A weight by its whole name.
  func weight(_ name: String) throws -> Tensor { try model.weight(name) }

  /// A layer's weight.
  func weight(_ role: String, layer: Int) throws -> Tensor {
    try model.weight(name(role, layer: layer))
  }

  /// A layer's weight that not every family has.
  func optionalWeight(_ role: String, layer: Int) throws -> Tensor? {
    try model.weights.tensor(name(role, layer: layer))
  }

  private func name(_ role: String, layer: Int) -> String {
    "\(model.configuration.names.layers).\(layer).\(role)"
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
    try x.rmsNorm(
      weight: weight, epsilon: Float(architecture.normEpsilon), divisor: channelsThatCount)
  }

  /// The layer norm; masked channels do not count, and neither mean nor bias comes into them.
  func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor) throws -> Tensor {
    let out = try x.layerNorm(
      weight: weight, bias: bias, epsilon: Float(architecture.normEpsilon),
      divisor: channelsThatCount)
    return try masked(out, by: .channels, layer: nil)
  }

  /// The channels that are on, nil where all are.
  private var channelsThatCount: Int? {
    let off = model.mask?.channels.count ?? 0
    return off == 0 ? nil : architecture.hidden - off
  }

  /// x Wᵀ with a layer's weight [out, in], and its bias where there is one; `role` lacks the
  /// ending.
  func project(_ x: Tensor, _ role: String, layer: Int) throws -> Tensor {
    try x.linear(
      weight(role + ".weight", layer: layer), bias: try optionalWeight(role + ".bias", layer: layer)
    )
  }

  /// The residual stream with a projection of x added to it, but for masked channels.
  func add(
    _ x: Tensor, projectedBy weight: Tensor, bias: Tensor? = nil, inputFirst: Bool = false,
    to stream: Tensor
  ) throws -> Tensor {
    guard model.factors?.channels != nil else {
      return try x.linear(weight, bias: bias, inputFirst: inputFirst, adding: stream)
    }
    let added = try x.linear(weight, bias: bias, inputFirst: inputFirst)
    return try stream.plus(masked(added, by: .channels, layer: nil))
  }

  /// The neurons of a gated MLP, silu(x Gᵀ) · (x Uᵀ), and its gate shown.
  func gatedNeurons(_ x: Tensor, gate: Tensor, up: Tensor, layer: Int) throws -> Tensor {
    if model.edits[ActivationPlace(.gate, layer: layer)] != nil {
      return try observe(.gate, x.linear(gate), layer: layer).swiglu(up: x.linear(up))
    }
    let made = try x.gatedLinear(gate: gate, up: up, showsGate: observer != nil)
    if let gate = made.gate { _ = try observe(.gate, gate, layer: layer) }
    return made.neurons
  }

  /// Heads turned by their positions, where these are rotary; x [batch, time, heads, headDim].
  func rotate(_ x: Tensor) throws -> Tensor {
    guard let tables else { return x }
    return try x.rotary(
      cosines: tables.cosines, sines: tables.sines, firstPosition: firstPosition)
  }

  /// The learned vectors of these positions, [time, hidden].
  func positionRows(_ table: Tensor) throws -> Tensor {
    try table.indexed([.slice(start: firstPosition, end: firstPosition + time, step: nil)])
  }

  /// Causal attention over these keys and the cached ones.
  func attend(q: Tensor, k: Tensor, v: Tensor, layer: Int) throws -> Tensor {
    let q = try observe(.queries, q, layer: layer)
    let k = try observe(.keys, k, layer: layer)
    let v = try observe(.values, v, layer: layer)
    let window = architecture.window(ofLayer: layer)
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
    let embedded = try model.configuration.family.embedding(of: ids.tensor, self)
    return try observe(.embedding, masked(embedded, by: .channels, layer: nil), layer: nil)
  }

  /// The rows of the token embedding for ids i64 [batch, time]; [batch, time, hidden].
  func tokenRows(_ ids: Tensor) throws -> Tensor {
    let name = model.configuration.names.embedding
    return try model.weights.stream?.rows(ids, of: name, width: architecture.hidden)
      ?? model.weight(name).rows(unchecked: ids)
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
    try observe(.norm, model.configuration.family.finalNorm(x, self), layer: nil)
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
  /// Shape: ids [batch, time], of this model or another of its vocabulary and device; result
  /// [batch, time, hidden].
  /// - Parameters:
  ///   - cache: keys and values of earlier positions, which these ids continue.
  ///   - observer: sees every named activation on the way.
  /// - Throws: `ModelError.ids` past the positions that the model learned; what the device throws.
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
