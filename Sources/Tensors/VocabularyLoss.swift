import Kernels

/// Losses over the vocabulary of a model's head, computed a chunk of the vocabulary at a time: logits
/// [rows, vocabulary] never stand in memory whole, neither forward nor backward.
package enum VocabularyLoss {
  /// Ids of one chunk: its logits of a thousand rows fit the outer caches.
  package static let chunkSize = 2048

  /// Calls `body` with the logits of each chunk of ids: hidden [rows, width] times head
  /// [vocabulary, width] transposed; `isAgain` says that they were computed before.
  package static func forEachChunk(
    hidden: Tensor, head: Tensor, isAgain: Bool = false,
    _ body: (_ logits: Tensor, _ firstId: Int, _ isFirst: Bool) throws -> Void
  ) throws {
    let (vocabulary, width) = (head.shape[0], head.shape[1])
    let rows = hidden.count / Swift.max(width, 1)
    let memory = try scratch(rows: rows, head: head)
    for first in stride(from: 0, to: vocabulary, by: chunkSize) {
      try Interrupt.check()
      let columns = min(chunkSize, vocabulary - first)
      var product = MatrixProduct(
        hidden.region, head.region.advanced(by: first * width), to: memory.region, rows: rows,
        columns: columns, inner: width, transposeRight: true)
      product.rightIsWeight = head.isSteady
      product.isRecomputed = isAgain
      try head.device.multiply(product)
      try body(Tensor(memory.region, shape: [rows, columns]), first, first == 0)
    }
  }

  static func scratch(rows: Int, head: Tensor) throws -> Tensor {
    try Tensor(uninitialized: [rows, min(chunkSize, head.shape[0])], on: head.device)
  }

  /// The cross-entropy of each row's target, in nats.
  ///
  /// Shape: hidden [rows, width], head [vocabulary, width], targets i64 [rows] with −1 for rows to
  /// leave out (their loss is 0); result [rows].
  package static func crossEntropies(
    hidden: Tensor, head: Tensor, targets: Tensor
  ) throws -> Tensor {
    let rows = targets.count
    let state = try Tensor(uninitialized: [rows, 3], on: head.device)
    try forEachChunk(hidden: hidden, head: head) { logits, first, isFirst in
      try head.device.crossEntropyUpdate(
        logits.region, targets: targets.region, state: state.region, rows: rows,
        columns: logits.shape[1], firstColumn: first, isFirst: isFirst)
    }
    let losses = try Tensor(uninitialized: [rows], on: state.device)
    try state.device.crossEntropyLosses(
      state.region, targets: targets.region, to: losses.region, rows: rows)
    return losses
  }

  /// Computes each chunk's logits again, lets `differentiate` turn them into the loss's gradient, and
  /// sends that on to hidden (dLogits · head) and head (dLogitsᵀ · hidden).
  static func sendGradients(
    hidden: Tensor, head: Tensor, _ gradients: Gradients,
    _ differentiate: (_ logits: Tensor, _ firstId: Int, _ columns: Int) throws -> Void
  ) throws {
    let width = head.shape[1]
    let rows = hidden.count / Swift.max(width, 1)
    let dHidden = try gradients.destination(for: hidden)
    let dHead = try gradients.destination(for: head)
    try forEachChunk(hidden: hidden, head: head, isAgain: true) { logits, first, isFirst in
      let columns = logits.shape[1]
      try differentiate(logits, first, columns)
      if let dHidden {
        var product = MatrixProduct(
          logits.region, head.region.advanced(by: first * width), to: dHidden.region, rows: rows,
          columns: width, inner: columns)
        product.rightIsWeight = head.isSteady
        product.accumulates = dHidden.accumulates || !isFirst
        try head.device.multiply(product)
      }
      if let dHead {
        var product = MatrixProduct(
          logits.region, hidden.region, to: dHead.region.advanced(by: first * width),
          rows: columns, columns: width, inner: rows, transposeLeft: true)
        product.accumulates = dHead.accumulates
        try head.device.multiply(product)
      }
    }
  }
}

// MARK: - Distillation

extension VocabularyLoss {
  /// A hidden state and the head that makes logits of it.
  package struct Prediction {
    package let hidden: Tensor
    package let head: Tensor

    package init(hidden: Tensor, head: Tensor) {
      self.hidden = hidden
      self.head = head
    }

    var rows: Int { hidden.count / Swift.max(head.shape[1], 1) }
  }

  /// KL(teacher ‖ student) of each row in nats, logits divided by the temperature; result [rows].
  package static func divergences(
    teacher: Prediction, student: Prediction, temperature: Float = 1
  ) throws -> Tensor {
    let state = try divergenceState(teacher, student, temperature)
    return try divergenceLosses(state)
  }

  /// The teacher's logits for `columns` ids from `first`; `isAgain` says that they were computed before.
  static func chunk(
    of teacher: Prediction, first: Int, columns: Int, into scratch: Tensor, isAgain: Bool = false
  ) throws {
    let width = teacher.head.shape[1]
    var product = MatrixProduct(
      teacher.hidden.region, teacher.head.region.advanced(by: first * width), to: scratch.region,
      rows: teacher.rows, columns: columns, inner: width, transposeRight: true)
    product.rightIsWeight = teacher.head.isSteady
    product.isRecomputed = isAgain
    try teacher.head.device.multiply(product)
  }

  private static func divergenceState(
    _ teacher: Prediction, _ student: Prediction, _ temperature: Float
  ) throws -> Tensor {
    let rows = student.rows
    let state = try Tensor(uninitialized: [rows, 5], on: student.head.device)
    let scratch = try scratch(rows: rows, head: teacher.head)
    try forEachChunk(hidden: student.hidden, head: student.head) { logits, first, isFirst in
      let columns = logits.shape[1]
      try chunk(of: teacher, first: first, columns: columns, into: scratch)
      try logits.device.divergenceUpdate(
        teacher: scratch.region, student: logits.region, state: state.region,
        temperature: temperature, rows: rows, columns: columns, isFirst: isFirst)
    }
    return state
  }

  private static func divergenceLosses(_ state: Tensor) throws -> Tensor {
    let losses = try Tensor(uninitialized: [state.shape[0]], on: state.device)
    try state.device.divergenceLosses(state.region, to: losses.region, rows: state.shape[0])
    return losses
  }
}

// MARK: - The most likely id

extension VocabularyLoss {
  /// The id of the largest logit of each row, i64 [rows]; the lowest on ties.
  package static func topIds(_ prediction: Prediction) throws -> Tensor {
    let device = prediction.head.device
    let rows = prediction.rows
    let largest = try Tensor(uninitialized: [rows], on: device)
    let ids = try Tensor(uninitialized: [rows], .i64, on: device)
    try forEachChunk(hidden: prediction.hidden, head: prediction.head) { logits, first, isFirst in
      try device.argmaxUpdate(
        logits.region, largest: largest.region, ids: ids.region, rows: rows,
        columns: logits.shape[1], firstColumn: first, isFirst: isFirst)
    }
    return ids
  }
}
