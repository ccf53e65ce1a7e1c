/// Losses over a vocabulary in chunks: vocabulary.cl.
extension OpenCLDevice {
  /// Takes a chunk of logits into the state of the cross-entropy.
  /// - Throws: `KernelError`, `Interrupted`.
  public func crossEntropyUpdate(
    _ logits: Region, targets: Region, state: Region, rows: Int, columns: Int, firstColumn: Int,
    isFirst: Bool
  ) throws {
    try launchRows(
      "cross_entropy_update", of: .vocabulary,
      [
        .region(logits, count: rows * columns), .region(targets, count: rows),
        .region(state, count: rows * 3), .long(columns), .long(firstColumn), .bool(isFirst),
      ], rows: rows, width: columns)
  }

  /// losses[row] = log Σ exp − the target's logit; 0 for rows left out.
  /// - Throws: `KernelError`, `Interrupted`.
  public func crossEntropyLosses(_ state: Region, targets: Region, to losses: Region, rows: Int)
    throws
  {
    try launchElements(
      "cross_entropy_losses", of: .vocabulary,
      [
        .region(state, count: rows * 3), .region(targets, count: rows),
        .region(losses, count: rows),
      ], count: rows)
  }

  /// Replaces logits by the gradient of the cross-entropy.
  /// - Throws: `KernelError`, `Interrupted`.
  public func crossEntropyGradient(
    _ logits: Region, targets: Region, state: Region, upstream: Region, scale: Float, rows: Int,
    columns: Int, firstColumn: Int
  ) throws {
    try launchRows(
      "cross_entropy_gradient", of: .vocabulary,
      [
        .region(logits, count: rows * columns), .region(targets, count: rows),
        .region(state, count: rows * 3), .region(upstream, count: 1), .float(scale),
        .long(columns), .long(firstColumn),
      ], rows: rows, width: columns)
  }

  /// Takes a chunk of two models' logits into the state of their divergence.
  /// - Throws: `KernelError`, `Interrupted`.
  public func divergenceUpdate(
    teacher: Region, student: Region, state: Region, temperature: Float, rows: Int, columns: Int,
    isFirst: Bool
  ) throws {
    try launchRows(
      "divergence_update", of: .vocabulary,
      [
        .region(teacher, count: rows * columns), .region(student, count: rows * columns),
        .region(state, count: rows * 5), .float(1 / temperature), .long(columns), .bool(isFirst),
      ], rows: rows, width: 2 * columns)
  }

  /// losses[row] = KL(teacher ‖ student).
  /// - Throws: `KernelError`, `Interrupted`.
  public func divergenceLosses(_ state: Region, to losses: Region, rows: Int) throws {
    try launchElements(
      "divergence_losses", of: .vocabulary,
      [.region(state, count: rows * 5), .region(losses, count: rows)], count: rows)
  }

  /// Replaces the student's logits by the gradient of the divergence.
  /// - Throws: `KernelError`, `Interrupted`.
  public func divergenceGradient(
    teacher: Region, student: Region, state: Region, upstream: Region, temperature: Float,
    scale: Float, rows: Int, columns: Int
  ) throws {
    try launchRows(
      "divergence_gradient", of: .vocabulary,
      [
        .region(teacher, count: rows * columns), .region(student, count: rows * columns),
        .region(state, count: rows * 5), .region(upstream, count: 1), .float(1 / temperature),
        .float(scale), .long(columns),
      ], rows: rows, width: 2 * columns)
  }

  /// Keeps the largest logit of each row and its id.
  /// - Throws: `KernelError`, `Interrupted`.
  public func argmaxUpdate(
    _ logits: Region, largest: Region, ids: Region, rows: Int, columns: Int, firstColumn: Int,
    isFirst: Bool
  ) throws {
    guard columns > 0 else { return }
    try launchRows(
      "argmax_update", of: .vocabulary,
      [
        .region(logits, count: rows * columns), .region(largest, count: rows),
        .region(ids, count: rows), .long(columns), .long(firstColumn), .bool(isFirst),
      ], rows: rows, width: columns)
  }
}
