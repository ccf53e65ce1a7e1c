import Tensors

extension Model {
  /// A residual stream after the model's final norm, masked channels left out as in a whole pass.
  ///
  /// Shape: x and result [batch, time, hidden].
  /// - Throws: what the device throws.
  package func finalNorm(_ x: Tensor) throws -> Tensor {
    let pass = try ForwardPass(self, batch: x.shape[0], time: x.shape[1])
    return try configuration.family.finalNorm(x, pass)
  }
}
