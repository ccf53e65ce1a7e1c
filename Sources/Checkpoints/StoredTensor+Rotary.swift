/// The row of a Llama-family GGUF's q or k matrix that holds `row` of the checkpoint that it was
/// made from.
///
/// llama.cpp turns neighbouring rows of a head, where transformers turns row p with row p + d/2; so
/// its converter stored `W.reshape(heads, 2, d/2, …).swapaxes(1, 2)`: row p of half b of a head
/// went to 2·p + b.
///
/// - Parameter headDimension: d, the rows of a head; even.
public func rotaryStoredRow(of row: Int, headDimension: Int) -> Int {
  precondition(row >= 0 && headDimension > 0 && headDimension % 2 == 0)
  let half = headDimension / 2
  let (head, place) = row.quotientAndRemainder(dividingBy: headDimension)
  return head * headDimension + 2 * (place % half) + place / half
}

extension StoredTensor {
  /// Reads elements of a Llama-family GGUF's q or k matrix (or of its bias, whose rows are single
  /// elements) in the order that transformers gives the rows.
  ///
  /// - Parameters:
  ///   - range: the elements, counted in transformers' order, inside `0..<count`.
  ///   - heads: the heads that the rows divide into: query heads for q, key-value heads for k.
  ///   - output: as many floats.
  /// - Throws: `CheckpointError` where the rows do not divide into that many heads of an even size,
  ///   or the type is no floating-point type.
  public func readRotary(
    _ range: Range<Int>, heads: Int, into output: UnsafeMutableBufferPointer<Float>
  ) throws {
    guard let rows = shape.first, heads > 0, rows % heads == 0, rows / heads % 2 == 0 else {
      throw fault("shape \(shape) does not divide into \(heads) heads of an even number of rows")
    }
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    precondition(output.count == range.count)
    guard !range.isEmpty else { return }
    let length = count / rows
    var element = range.lowerBound
    while element < range.upperBound {
      let (row, first) = element.quotientAndRemainder(dividingBy: length)
      let end = min((row + 1) * length, range.upperBound)
      let start = rotaryStoredRow(of: row, headDimension: rows / heads) * length + first
      let place = element - range.lowerBound
      try readFloats(
        start..<start + (end - element),
        into: UnsafeMutableBufferPointer(rebasing: output[place..<place + (end - element)]))
      element = end
    }
  }
}
