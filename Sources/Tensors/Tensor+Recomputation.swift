import Kernels

extension Tensor {
  /// What `body` makes of `input`, of whose way nothing is kept: where gradients come back, the
  /// body is run again (activation checkpointing, arXiv 1604.06174). Results and gradients are
  /// those of the body alone, bit for bit.
  ///
  /// - Parameter body: the same computation at every call; `isAgain` says that it is not the first.
  /// - Throws: what the body throws.
  package static func recomputed(
    from input: Tensor,
    _ body: @escaping (_ input: Tensor, _ isAgain: Bool) throws -> Tensor
  ) throws -> Tensor {
    let made = try body(input, false)
    guard let way = made.origin, made !== input else { return made }
    let result = Tensor(made.region, shape: made.shape)
    // At the depth of the whole way, the sums of gradients have the order they have without this.
    result.origin = Origin(parents: [input.origin].compactMap { $0 }, depth: way.depth) {
      gradient, gradients in
      let again = try body(input, true)
      try gradients.run(from: again, gradient, downTo: input)
    }
    return result
  }
}
