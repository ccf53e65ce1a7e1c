internal import CKernels

/// Losses between two models' logits: every row is one thread's.
extension CPUDevice {
  /// Replaces the student's logits by the gradient of KL(student ‖ teacher).
  /// - Throws: `Interrupted`.
  public func reverseDivergenceGradient(
    teacher: Region, student: Region, state: Region, upstream: Region, temperature: Float,
    scale: Float, rows: Int, columns: Int
  ) throws {
    let teacher = try teacher.floats(rows * columns)
    let student = try student.writableFloats(rows * columns)
    let state = try state.floats(rows * 5)
    let factor = try scale * upstream.floats(1)[0] / temperature
    try parallelRows(rows, width: 2 * columns) { row in
      kernels.pointee.reverse_divergence_gradient(
        teacher + row * columns, student + row * columns, state + row * 5, temperature, factor,
        Int64(columns))
    }
  }

  /// Takes a chunk of two models' logits into the sums of their distances.
  /// - Throws: `Interrupted`.
  public func distanceUpdate(
    teacher: Region, student: Region, state: Region, rows: Int, columns: Int, isFirst: Bool
  ) throws {
    let teacher = try teacher.floats(rows * columns)
    let student = try student.floats(rows * columns)
    let state = try state.writableFloats(rows * 4)
    try parallelRows(rows, width: 2 * columns) { row in
      kernels.pointee.distance_update(
        teacher + row * columns, student + row * columns, state + row * 4, Int64(columns),
        isFirst ? 1 : 0)
    }
  }

  /// Replaces the student's logits by a row's mixture of both models' logits.
  /// - Throws: `Interrupted`.
  public func mixRows(
    teacher: Region, student: Region, coefficients: Region, upstream: Region, rows: Int,
    columns: Int
  ) throws {
    let teacher = try teacher.floats(rows * columns)
    let student = try student.writableFloats(rows * columns)
    let coefficients = try coefficients.floats(rows * 2)
    let factor = try upstream.floats(1)[0]
    try parallelRows(rows, width: 2 * columns) { row in
      kernels.pointee.mix_rows(
        teacher + row * columns, student + row * columns, factor * coefficients[row * 2],
        factor * coefficients[row * 2 + 1], Int64(columns))
    }
  }

  /// Keeps the largest logits of each row, their ids, and a companion's values beside them.
  /// - Throws: `Interrupted`.
  public func largestUpdate(
    _ logits: Region, companion: Region, values: Region, companions: Region, ids: Region,
    kept: Int, rows: Int, columns: Int, firstColumn: Int, isFirst: Bool
  ) throws {
    guard kept > 0 else { return }
    let logits = try logits.floats(rows * columns)
    let companion = try companion.floats(rows * columns)
    let values = try values.writableFloats(rows * kept)
    let companions = try companions.writableFloats(rows * kept)
    let ids = try ids.writableInts(rows * kept)
    try parallelRows(rows, width: columns) { row in
      kernels.pointee.largest_update(
        logits + row * columns, companion + row * columns, values + row * kept,
        companions + row * kept, ids + row * kept, Int64(kept), Int64(columns), Int64(firstColumn),
        isFirst ? 1 : 0)
    }
  }

  /// Reads the logits of each row's ids out of a chunk.
  /// - Throws: `Interrupted`.
  public func gatherColumns(
    _ logits: Region, ids: Region, values: Region, kept: Int, rows: Int, columns: Int,
    firstColumn: Int, isFirst: Bool
  ) throws {
    let logits = try logits.floats(rows * columns)
    let ids = try ids.ints(rows * kept)
    let values = try values.writableFloats(rows * kept)
    try parallelRows(rows, width: kept) { row in
      kernels.pointee.gather_columns(
        logits + row * columns, ids + row * kept, values + row * kept, Int64(kept), Int64(columns),
        Int64(firstColumn), isFirst ? 1 : 0)
    }
  }

  /// Adds to the logits of each row's ids.
  /// - Throws: `Interrupted`.
  public func scatterColumns(
    _ values: Region, ids: Region, upstream: Region, into logits: Region, kept: Int, rows: Int,
    columns: Int, firstColumn: Int
  ) throws {
    let values = try values.floats(rows * kept)
    let ids = try ids.ints(rows * kept)
    let logits = try logits.writableFloats(rows * columns)
    let factor = try upstream.floats(1)[0]
    try parallelRows(rows, width: kept) { row in
      kernels.pointee.scatter_columns(
        values + row * kept, ids + row * kept, logits + row * columns, factor, Int64(kept),
        Int64(columns), Int64(firstColumn))
    }
  }
}
