import Kernels

/// The logits of a prediction, a chunk of the vocabulary at a time: [rows, vocabulary] never stands
/// in memory whole.
final class ChunkedLogits {
  let prediction: VocabularyLoss.Prediction
  private var scratch: Tensor?
  private var kept: [Int: Tensor] = [:]
  private var room: Int

  /// - Parameter bytes: how much of the chunks' logits is kept, as far as they fit, until they are
  ///   asked for again, which spares their products.
  init(_ prediction: VocabularyLoss.Prediction, keeping bytes: Int = 0) {
    self.prediction = prediction
    room = bytes
  }

  /// Calls `body` with the logits [rows, columns] of each chunk of ids; `isAgain` says that they
  /// were made before.
  func forEach(
    isAgain: Bool = false,
    _ body: (_ logits: Tensor, _ firstId: Int, _ isFirst: Bool) throws -> Void
  ) throws {
    for first in stride(from: 0, to: prediction.head.shape[0], by: VocabularyLoss.chunkSize) {
      try Interrupt.check()
      try body(chunk(from: first, isAgain: isAgain), first, first == 0)
    }
    rest()
  }

  /// Lets go of memory between two passes over the chunks, but for what is kept.
  func rest() { scratch = nil }

  /// The logits of the chunk that begins with an id, good until the next one is asked for.
  func chunk(from first: Int, isAgain: Bool) throws -> Tensor {
    if isAgain, let logits = kept.removeValue(forKey: first) { return logits }
    let head = prediction.head
    let width = head.shape[1]
    let logits = try place(
      first, columns: min(VocabularyLoss.chunkSize, head.shape[0] - first), isAgain)
    var product = MatrixProduct(
      prediction.hidden.region, head.region.advanced(by: first * width), to: logits.region,
      rows: logits.shape[0], columns: logits.shape[1], inner: width, transposeRight: true)
    product.rightIsWeight = head.isSteady
    product.isRecomputed = isAgain
    try head.device.multiply(product)
    return logits
  }

  private func place(_ first: Int, columns: Int, _ isAgain: Bool) throws -> Tensor {
    let shape = [prediction.rows, columns]
    let bytes = shape.reduce(ElementType.f32.size, *)
    if !isAgain, bytes <= room {
      let place = try Tensor(uninitialized: shape, on: prediction.head.device)
      kept[first] = place
      room -= bytes
      return place
    }
    let scratch = try scratch ?? prediction.scratch()
    self.scratch = scratch
    return Tensor(scratch.region, shape: shape)
  }
}

extension VocabularyLoss.Prediction {
  /// Memory for a chunk of logits.
  func scratch() throws -> Tensor {
    let columns = min(VocabularyLoss.chunkSize, head.shape[0])
    return try Tensor(uninitialized: [rows, columns], on: head.device)
  }

  /// Whether gradients flow to the hidden state or the head.
  var needsGradient: Bool { hidden.needsGradient || head.needsGradient }
}
