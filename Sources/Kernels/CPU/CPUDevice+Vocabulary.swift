internal import CKernels

/// Losses over a vocabulary in chunks: every row is one thread's, and most of them are wide.
extension CPUDevice {
  func parallelRows(
    _ rows: Int, width: Int, operation: String = #function, _ body: (Int) -> Void
  ) throws {
    let grain = max(1, Self.elementGrain / max(1, width))
    try parallel(rows, grain: grain, operation: operation) { $0.forEach(body) }
  }

  /// Takes a chunk of logits into the state of the cross-entropy.
  /// - Throws: `Interrupted`.
  public func crossEntropyUpdate(
    _ logits: Region, targets: Region, state: Region, rows: Int, columns: Int, firstColumn: Int,
    isFirst: Bool
  ) throws {
    let logits = try logits.floats(rows * columns)
    let targets = try targets.ints(rows)
    let state = try state.writableFloats(rows * 3)
    try parallelRows(rows, width: columns) { row in
      kernels.pointee.cross_entropy_update(
        logits + row * columns, targets[row], state + row * 3, Int64(columns), Int64(firstColumn),
        isFirst ? 1 : 0)
    }
  }

  /// losses[row] = log Σ exp − the target's logit; 0 for rows left out.
  /// - Throws: `Interrupted`.
  public func crossEntropyLosses(_ state: Region, targets: Region, to losses: Region, rows: Int)
    throws
  {
    let state = try state.floats(rows * 3)
    let targets = try targets.ints(rows)
    let losses = try losses.writableFloats(rows)
    try parallelRows(rows, width: 16) { row in
      losses[row] = targets[row] < 0 ? 0 : kernels.pointee.cross_entropy_loss(state + row * 3)
    }
  }

  /// Replaces logits by the gradient of the cross-entropy.
  /// - Throws: `Interrupted`.
  public func crossEntropyGradient(
    _ logits: Region, targets: Region, state: Region, upstream: Region, scale: Float, rows: Int,
    columns: Int, firstColumn: Int
  ) throws {
    let logits = try logits.writableFloats(rows * columns)
    let targets = try targets.ints(rows)
    let state = try state.floats(rows * 3)
    let factor = try scale * upstream.floats(1)[0]
    try parallelRows(rows, width: columns) { row in
      kernels.pointee.cross_entropy_gradient(
        logits + row * columns, targets[row], state + row * 3, factor, Int64(columns),
        Int64(firstColumn))
    }
  }

  /// Takes a chunk of two models' logits into the state of their divergence.
  /// - Throws: `Interrupted`.
  public func divergenceUpdate(
    teacher: Region, student: Region, state: Region, temperature: Float, rows: Int, columns: Int,
    isFirst: Bool
  ) throws {
    let teacher = try teacher.floats(rows * columns)
    let student = try student.floats(rows * columns)
    let state = try state.writableFloats(rows * 5)
    try parallelRows(rows, width: 2 * columns) { row in
      kernels.pointee.divergence_update(
        teacher + row * columns, student + row * columns, state + row * 5, temperature,
        Int64(columns), isFirst ? 1 : 0)
    }
  }

  /// losses[row] = KL(teacher ‖ student).
  /// - Throws: `Interrupted`.
  public func divergenceLosses(_ state: Region, to losses: Region, rows: Int) throws {
    let state = try state.floats(rows * 5)
    let losses = try losses.writableFloats(rows)
    try parallelRows(rows, width: 16) { row in
      losses[row] = kernels.pointee.divergence_loss(state + row * 5)
    }
  }

  /// Replaces the student's logits by the gradient of the divergence.
  /// - Throws: `Interrupted`.
  public func divergenceGradient(
    teacher: Region, student: Region, state: Region, upstream: Region, temperature: Float,
    scale: Float, rows: Int, columns: Int
  ) throws {
    let teacher = try teacher.floats(rows * columns)
    let student = try student.writableFloats(rows * columns)
    let state = try state.floats(rows * 5)
    let factor = try scale * upstream.floats(1)[0] / temperature
    try parallelRows(rows, width: 2 * columns) { row in
      kernels.pointee.divergence_gradient(
        teacher + row * columns, student + row * columns, state + row * 5, temperature, factor,
        Int64(columns))
    }
  }

  /// Keeps the largest logit of each row and its id.
  /// - Throws: `Interrupted`.
  public func argmaxUpdate(
    _ logits: Region, largest: Region, ids: Region, rows: Int, columns: Int, firstColumn: Int,
    isFirst: Bool
  ) throws {
    guard columns > 0 else { return }
    let logits = try logits.floats(rows * columns)
    let best = try largest.writableFloats(rows)
    let ids = try ids.writableInts(rows)
    try parallelRows(rows, width: columns) { row in
      var candidate: Float = 0
      let place = kernels.pointee.argmax(logits + row * columns, Int64(columns), &candidate)
      let wins = candidate > best[row] || (candidate.isNaN && !best[row].isNaN)
      if isFirst || wins {
        best[row] = candidate
        ids[row] = Int64(firstColumn) + place
      }
    }
  }
}
