/// The row of a Llama-family GGUF's q or k matrix that holds `row` of the checkpoint that it was made
/// from.
///
/// llama.cpp turns neighbouring rows of a head, where transformers turns row p with row p + d/2; so
/// its converter stored `W.reshape(heads, 2, d/2, …).swapaxes(1, 2)`: row p of half b of a head went
/// to 2·p + b.
///
/// - Parameter headDimension: d, the rows of a head; even.
public func rotaryStoredRow(of row: Int, headDimension: Int) -> Int {
  precondition(row >= 0 && headDimension > 0 && headDimension % 2 == 0)
  let half = headDimension / 2
  let (head, place) = row.quotientAndRemainder(dividingBy: headDimension)
  return head * headDimension + 2 * (place % half) + place / half
}

extension StoredTensor {
  /// Reads rows of a Llama-family GGUF's q or k matrix (or of its bias, whose rows are single
  /// elements) in the order that transformers gives them.
  ///
  /// - Parameters:
  ///   - rows: the rows in transformers' order, inside `0..<shape[0]`.
  ///   - heads: the heads that the rows divide into: query heads for q, key-value heads for k.
  ///   - output: `rows.count` rows.
  /// - Throws: `CheckpointError` where the rows do not divide into that many heads of an even size, or
  ///   the type is no floating-point type.
  public func readRotaryRows(
    _ rows: Range<Int>, heads: Int, into output: UnsafeMutableBufferPointer<Float>
  ) throws {
    guard let total = shape.first, heads > 0, total % heads == 0, total / heads % 2 == 0 else {
      throw fault("shape \(shape) does not divide into \(heads) heads of an even number of rows")
    }
    guard total > 0 else { return }
    let length = count / total
    precondition(rows.lowerBound >= 0 && rows.upperBound <= total)
    precondition(output.count == rows.count * length)
    for (index, row) in rows.enumerated() {
      let stored = rotaryStoredRow(of: row, headDimension: total / heads)
      try readFloats(
        stored * length..<(stored + 1) * length,
        into: UnsafeMutableBufferPointer(
          rebasing: output[index * length..<(index + 1) * length]))
    }
  }
}
