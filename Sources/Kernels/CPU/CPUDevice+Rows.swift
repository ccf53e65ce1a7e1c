internal import CKernels

/// Rows of a table chosen by number, forward and backward.
extension CPUDevice {
  /// Interrupts are looked for after this many rows.
  private static let rowsBetweenChecks = 1 << 12

  /// target[i] = table[rows[i]].
  /// - Throws: `KernelError.failed` for a row past the table's buffer, `Interrupted`.
  public func gatherRows(
    _ table: Region, width: Int, rows: Region, count: Int, to target: Region
  ) throws {
    guard count > 0, width > 0 else { return }
    let source = try table.hostBuffer()
    let destination = try target.hostBuffer()
    precondition(source.type == destination.type, "rows of one type gathered into another")
    let available = (source.count - table.offset) / width
    let numbers = try rows.ints(count)
    let grain = max(1, Self.elementGrain / width)
    if let stored = source.unreadSource {
      // A few rows of a large table: the others stay where they are.
      let to = try target.writableFloats(count * width)
      try stored.requireUnchanged()
      defer { stored.release() }
      try parallel(count, grain: grain) { range in
        for i in range {
          let first = try table.offset + Self.row(numbers[i], below: available) * width
          try stored.read(
            first..<first + width,
            into: UnsafeMutableBufferPointer(start: to + i * width, count: width))
        }
      }
      return
    }
    let bytes = width * source.type.size
    let from = try source.readBytes(from: table.offset, byteCount: available * bytes)
    let to = try destination.writeBytes(from: target.offset, byteCount: count * bytes)
    try parallel(count, grain: grain) { range in
      for i in range {
        let row = try Self.row(numbers[i], below: available)
        (to + i * bytes).copyMemory(from: from + row * bytes, byteCount: bytes)
      }
    }
  }

  /// table[rows[i]] += source[i]: threads share out the columns, so each sum has one order.
  /// - Throws: `KernelError.failed` for a row past the table, `Interrupted`.
  public func scatterAddRows(
    _ source: Region, width: Int, rows: Region, count: Int, to table: Region, tableRows: Int
  ) throws {
    guard count > 0, width > 0 else { return }
    let from = try source.floats(count * width)
    let to = try table.writableFloats(tableRows * width)
    let numbers = try rows.ints(count)
    try parallel(width, grain: 64) { columns in
      for i in 0..<count {
        if i % Self.rowsBetweenChecks == 0 { try Interrupt.check() }
        let row = try Self.row(numbers[i], below: tableRows)
        kernels.pointee.accumulate(
          from + i * width + columns.lowerBound, 1, to + row * width + columns.lowerBound,
          Int64(columns.count))
      }
    }
  }

  private static func row(_ number: Int64, below limit: Int) throws -> Int {
    guard number >= 0, number < limit else {
      throw KernelError.failed(
        operation: "choosing rows", reason: "row \(number) of a table of \(limit) rows")
    }
    return Int(number)
  }
}
