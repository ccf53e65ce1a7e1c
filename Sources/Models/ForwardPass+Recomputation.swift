import Tensors

extension ForwardPass {
  /// A layer's output; where the model recomputes layers, without the activations on the way.
  func output(of layer: Int, _ input: Tensor) throws -> Tensor {
    let family = model.configuration.family
    guard model.recomputesLayers, cache == nil else { return try family.layer(layer, input, self) }
    // The observer has seen the layer when it is computed again.
    let again = try ForwardPass(model, batch: batch, time: time)
    return try Tensor.recomputed(from: input) { input, isAgain in
      try family.layer(layer, input, isAgain ? again : self)
    }
  }
}
