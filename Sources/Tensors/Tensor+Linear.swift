import Kernels

extension Tensor {
  /// A linear layer: x Wᵀ, plus a bias.
  ///
  /// Shape: this tensor [..., in], bias [out]; result [..., out].
  /// - Parameters:
  ///   - weight: [out, in], or [in, out] where `inputFirst`, as GPT-2 stores it.
  ///   - bias: added to every row.
  ///   - addend: added to the product, of the result's shape: a residual stream.
  /// - Throws: what the device throws.
  package func linear(
    _ weight: Tensor, bias: Tensor? = nil, inputFirst: Bool = false, adding addend: Tensor? = nil
  ) throws -> Tensor {
    let layer = LinearLayer(weight: weight, bias: bias, inputFirst: inputFirst)
    precondition(
      shape.last == layer.width, "linear: \(shape) meets a weight \(weight.shape)")
    precondition(
      addend == nil || addend?.shape == shape.dropLast() + [layer.columns],
      "linear: an addend of another shape")
    let result = try layer.output(of: self, adding: addend)
    // Only the weight's gradient asks for the input.
    let input = weight.needsGradient ? saved : nil
    let (target, addendTarget) = (target, addend?.target)
    result.recordOrigin([self, weight] + [addend, bias].compactMap(\.self)) { gradient, gradients in
      if let addendTarget { try gradients.add(gradient, to: addendTarget, isFresh: false) }
      if let bias, bias.needsGradient { try gradients.add(try gradient.summedRows(), to: bias) }
      if let place = try gradients.destination(for: target) {
        try layer.sendToInput(gradient, place)
      }
      if let input, let place = try gradients.destination(for: weight) {
        try layer.sendToWeight(gradient, input: input.value(), place)
      }
    }
    return result
  }
}

/// The products of a linear layer, forward and backward.
private struct LinearLayer {
  let weight: Tensor
  let bias: Tensor?
  let inputFirst: Bool

  /// The length of an input row.
  var width: Int { weight.shape[inputFirst ? 0 : 1] }
  /// The length of an output row.
  var columns: Int { weight.shape[inputFirst ? 1 : 0] }

  /// addend + x Wᵀ + b.
  func output(of x: Tensor, adding addend: Tensor?) throws -> Tensor {
    let lead = x.shape.dropLast()
    let result = try Tensor(uninitialized: lead + [columns], on: x.device)
    var product = MatrixProduct(
      x.region, weight.region, to: result.region, rows: lead.reduce(1, *), columns: columns,
      inner: width, transposeRight: !inputFirst)
    product.rightIsWeight = weight.isSteady
    product.addend = addend?.region
    try x.device.multiply(product)
    if let bias {
      // In place: nobody else has seen the product.
      try x.device.apply(
        .add, result.strided, bias.strided(as: result.shape), to: result.region,
        shape: result.shape)
    }
    return result
  }

  /// dX = dY W.
  func sendToInput(
    _ gradient: Tensor, _ place: (region: Region, accumulates: Bool)
  ) throws {
    var product = MatrixProduct(
      gradient.region, weight.region, to: place.region, rows: rows(gradient), columns: width,
      inner: columns, transposeRight: inputFirst)
    product.rightIsWeight = weight.isSteady
    product.accumulates = place.accumulates
    try weight.device.multiply(product)
  }

  /// dW = dYᵀ X, or its transpose.
  func sendToWeight(
    _ gradient: Tensor, input: Tensor, _ place: (region: Region, accumulates: Bool)
  ) throws {
    let (left, right) = inputFirst ? (input, gradient) : (gradient, input)
    var product = MatrixProduct(
      left.region, right.region, to: place.region, rows: weight.shape[0],
      columns: weight.shape[1], inner: rows(gradient), transposeLeft: true)
    product.accumulates = place.accumulates
    try weight.device.multiply(product)
  }

  private func rows(_ gradient: Tensor) -> Int { gradient.shape.dropLast().reduce(1, *) }
}

extension Tensor {
  /// Whether a matrix stays as it is from step to step, so that the device may keep a packed copy
  /// of it: one that is trained is packed for each product instead, which takes no memory between
  /// them.
  var isSteady: Bool { !needsGradient }
}
