import Checkpoints

/// Reads one weight of a smaller model out of a stored tensor, row by row: what is in memory are a
/// few rows, whatever the tensor's size.
final class StoredCut {
  private let stored: StoredTensor
  /// Rows and columns of the smaller weight; a vector is one row.
  private let rows: Int
  private let columns: Int
  private let sourceWidth: Int
  private let rowAxis: CutAxis
  private let columnAxis: CutAxis
  private var row: [Float]
  private var other: [Float]
  /// Which of the source's rows `row` holds, with the residual added.
  private var held: Int?
  /// The source's elements below are given back: rows come in rising order and each but once.
  private var released = 0

  /// A weight of one or two axes.
  init(_ weight: CutWeight, of stored: StoredTensor) {
    self.stored = stored
    rows = weight.shape.dropLast().reduce(1, *)
    columns = weight.shape.last ?? 1
    sourceWidth = stored.shape.last ?? 1
    let whole = CutAxis(kept: nil, subtracted: [:])
    rowAxis = weight.axes.count > 1 ? weight.axes[0] : whole
    columnAxis = weight.axes.last ?? whole
    row = Array(repeating: 0, count: sourceWidth)
    other = row
  }

  /// Elements of the source that are in memory at a time.
  private static let stretch = 1 << 22

  /// Writes the elements of a range, in row-major order.
  func read(_ range: Range<Int>, into output: UnsafeMutableBufferPointer<Float>) throws {
    if range.lowerBound == 0 { fetch(from: 0) }
    var place = range.lowerBound
    while place < range.upperBound {
      let (index, first) = place.quotientAndRemainder(dividingBy: columns)
      let end = min(columns, first + range.upperBound - place)
      let target = UnsafeMutableBufferPointer(
        rebasing: output[(place - range.lowerBound)...].prefix(end - first))
      try readRow(index, first..<end, into: target)
      place += end - first
    }
    let next = range.upperBound / columns
    let end = next < rows ? sourceRow(next) * sourceWidth : stored.count
    if next == rows || end - released >= Self.stretch {
      stored.release(released..<end)
      fetch(from: end)
    }
  }

  private func fetch(from start: Int) {
    released = start
    stored.prefetch(start..<min(start + Self.stretch, stored.count))
  }

  private func sourceRow(_ index: Int) -> Int { rowAxis.kept?[index] ?? index }

  private func readRow(
    _ index: Int, _ range: Range<Int>, into output: UnsafeMutableBufferPointer<Float>
  ) throws {
    let source = sourceRow(index)
    if rowAxis.subtracted[source] == nil, columnAxis.isWhole {
      let start = source * sourceWidth
      try stored.readFloats(start + range.lowerBound..<start + range.upperBound, into: output)
      return
    }
    if held != source { try hold(source) }
    row.withUnsafeBufferPointer { row in
      guard let kept = columnAxis.kept else {
        _ = output.update(fromContentsOf: row[range])
        return
      }
      kept.withUnsafeBufferPointer { kept in
        for (offset, column) in range.enumerated() { output[offset] = row[kept[column]] }
      }
    }
  }

  /// Reads a row of the source and adds what pruned heads leave to it.
  private func hold(_ source: Int) throws {
    try read(source, into: &row)
    if let subtracted = rowAxis.subtracted[source] {
      try read(subtracted, into: &other)
      for column in row.indices { row[column] = row[column] + row[column] - other[column] }
    }
    if !columnAxis.subtracted.isEmpty {
      let plain = row
      for (kept, pruned) in columnAxis.subtracted {
        row[kept] = plain[kept] + plain[kept] - plain[pruned]
      }
    }
    held = source
  }

  private func read(_ source: Int, into row: inout [Float]) throws {
    let start = source * sourceWidth
    try row.withUnsafeMutableBufferPointer {
      try stored.readFloats(start..<start + sourceWidth, into: $0)
    }
  }
}
