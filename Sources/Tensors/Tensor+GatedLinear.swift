import Kernels

extension Tensor {
  /// The neurons of a gated MLP, silu(x Gᵀ) · (x Uᵀ) (arXiv 2002.05202). Neither projection is kept: the
  /// way back multiplies again, once for the neurons and their gradient.
  ///
  /// Shape: this tensor [..., in], both weights [out, in]; results [..., out].
  /// - Parameter showsGate: whether the gate's projection is wanted too, without gradients.
  /// - Throws: what the device throws.
  package func gatedLinear(
    gate: Tensor, up: Tensor, showsGate: Bool = false
  ) throws -> (neurons: Tensor, gate: Tensor?) {
    precondition(
      shape.last == gate.shape[1] && gate.shape == up.shape,
      "gatedLinear: \(shape) meets weights \(gate.shape) and \(up.shape)")
    let columns = gate.shape[0]
    let lead = shape.dropLast()
    let neurons = try Tensor(uninitialized: lead + [columns], on: device)
    let projection = showsGate ? try Tensor(uninitialized: neurons.shape, on: device) : nil
    var product = GatedProduct(
      region, gate: gate.region, up: up.region, to: neurons.region, rows: lead.reduce(1, *),
      columns: columns, inner: gate.shape[1])
    product.rightsAreWeights = gate.isSteady && up.isSteady
    product.projectedGate = projection?.region
    try device.multiply(product)
    let layer = GatedLayer(input: saved, gate: gate, up: up)
    let target = target
    neurons.recordOrigin([self, gate, up], remake: layer.neurons) { gradient, gradients in
      try layer.send(gradient, to: target, gradients)
    }
    return (neurons, projection)
  }
}

/// A gated MLP's first half on the way back.
private final class GatedLayer {
  private let input: SavedTensor
  private let layers: (gate: LinearLayer, up: LinearLayer)
  private var projections: (gate: Tensor, up: Tensor)?

  init(input: SavedTensor, gate: Tensor, up: Tensor) {
    self.input = input
    layers = (
      LinearLayer(weight: gate, bias: nil, inputFirst: false),
      LinearLayer(weight: up, bias: nil, inputFirst: false)
    )
  }

  /// Both projections, made again at the first call.
  private func projected() throws -> (gate: Tensor, up: Tensor) {
    if let projections { return projections }
    let x = try input.value()
    let made = try (
      gate: layers.gate.output(of: x, isAgain: true), up: layers.up.output(of: x, isAgain: true)
    )
    projections = made
    return made
  }

  /// The neurons made again.
  func neurons() throws -> Tensor {
    let (gate, up) = try projected()
    let neurons = try Tensor(uninitialized: gate.shape, on: gate.device)
    try gate.device.swiglu(
      gate: gate.region, up: up.region, to: neurons.region, count: gate.count)
    return neurons
  }

  /// Sends the neurons' gradient to the weights and the input.
  func send(_ gradient: Tensor, to target: GradientTarget, _ gradients: Gradients) throws {
    let (gate, up) = try projected()
    projections = nil
    let dGate = try Tensor(uninitialized: gate.shape, on: gate.device)
    let dUp = try Tensor(uninitialized: up.shape, on: up.device)
    try gate.device.swigluGradient(
      gradient.region, gate: gate.region, up: up.region, dGate: dGate.region, dUp: dUp.region,
      count: gate.count)
    let parts = [(layers.up, dUp), (layers.gate, dGate)]
    for (layer, slope) in parts {
      if let place = try gradients.destination(for: target) { try layer.sendToInput(slope, place) }
      if let place = try gradients.destination(for: layer.weight) {
        try layer.sendToWeight(slope, input: input.value(), place)
      }
    }
  }
}
