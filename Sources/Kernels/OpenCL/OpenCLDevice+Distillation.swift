/// Losses between two models' logits: distillation.cl.
extension OpenCLDevice {
  /// Replaces the student's logits by the gradient of KL(student ‖ teacher).
  /// - Throws: `KernelError`, `Interrupted`.
  public func reverseDivergenceGradient(
    teacher: Region, student: Region, state: Region, upstream: Region, temperature: Float,
    scale: Float, rows: Int, columns: Int
  ) throws {
    try launchRows(
      "reverse_divergence_gradient", of: .distillation,
      [
        .region(teacher, count: rows * columns), .region(student, count: rows * columns),
        .region(state, count: rows * 5), .region(upstream, count: 1), .float(1 / temperature),
        .float(scale), .long(columns),
      ], rows: rows, width: 2 * columns)
  }

  /// Takes a chunk of two models' logits into the sums of their distances.
  /// - Throws: `KernelError`, `Interrupted`.
  public func distanceUpdate(
    teacher: Region, student: Region, state: Region, rows: Int, columns: Int, isFirst: Bool
  ) throws {
    try launchRows(
      "distance_update", of: .distillation,
      [
        .region(teacher, count: rows * columns), .region(student, count: rows * columns),
        .region(state, count: rows * 4), .long(columns), .bool(isFirst),
      ], rows: rows, width: 2 * columns)
  }

  /// Replaces the student's logits by a row's mixture of both models' logits.
  /// - Throws: `KernelError`, `Interrupted`.
  public func mixRows(
    teacher: Region, student: Region, coefficients: Region, upstream: Region, rows: Int,
    columns: Int
  ) throws {
    try launchRows(
      "mix_rows", of: .distillation,
      [
        .region(teacher, count: rows * columns), .region(student, count: rows * columns),
        .region(coefficients, count: rows * 2), .region(upstream, count: 1), .long(columns),
      ], rows: rows, width: 2 * columns)
  }

  /// Keeps the largest logits of each row, their ids, and a companion's values beside them.
  /// - Throws: `KernelError`, `Interrupted`.
  public func largestUpdate(
    _ logits: Region, companion: Region, values: Region, companions: Region, ids: Region,
    kept: Int, rows: Int, columns: Int, firstColumn: Int, isFirst: Bool
  ) throws {
    guard kept > 0 else { return }
    try launchRows(
      "largest_update", of: .distillation,
      [
        .region(logits, count: rows * columns), .region(companion, count: rows * columns),
        .region(values, count: rows * kept), .region(companions, count: rows * kept),
        .region(ids, count: rows * kept), .long(kept), .long(columns), .long(firstColumn),
        .bool(isFirst),
      ], rows: rows, width: columns)
  }

  /// Reads the logits of each row's ids out of a chunk.
  /// - Throws: `KernelError`, `Interrupted`.
  public func gatherColumns(
    _ logits: Region, ids: Region, values: Region, kept: Int, rows: Int, columns: Int,
    firstColumn: Int, isFirst: Bool
  ) throws {
    try launchRows(
      "gather_columns", of: .distillation,
      [
        .region(logits, count: rows * columns), .region(ids, count: rows * kept),
        .region(values, count: rows * kept), .long(kept), .long(columns), .long(firstColumn),
        .bool(isFirst),
      ], rows: rows, width: kept)
  }

  /// Adds to the logits of each row's ids.
  /// - Throws: `KernelError`, `Interrupted`.
  public func scatterColumns(
    _ values: Region, ids: Region, upstream: Region, into logits: Region, kept: Int, rows: Int,
    columns: Int, firstColumn: Int
  ) throws {
    try launchRows(
      "scatter_columns", of: .distillation,
      [
        .region(values, count: rows * kept), .region(ids, count: rows * kept),
        .region(upstream, count: 1), .region(logits, count: rows * columns), .long(kept),
        .long(columns), .long(firstColumn),
      ], rows: rows, width: kept)
  }
}
