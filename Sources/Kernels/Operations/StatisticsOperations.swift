/// Statistics of activations, for importance scores (arXiv 2407.14679, section 2.2).
public protocol StatisticsOperations {
  /// Per window b and unit u, over positions t: the mean of |x|, the root of Σ x², and the variance
  /// (1/T) Σ (x − x̄)², found about the mean.
  ///
  /// Shape: x [batch, time, width]; the three results [batch, width].
  func timeMoments(
    _ x: Region, batch: Int, time: Int, width: Int, absoluteMean: Region, norm: Region,
    variance: Region) throws

  /// norms[row] = √Σ x²; x [rows, width].
  func rowNorms(_ x: Region, rows: Int, width: Int, to norms: Region) throws

  /// cosines[row] = x·y / (|x| |y|), 0 where a norm is 0; x, y [rows, width].
  func rowCosines(_ x: Region, _ y: Region, rows: Int, width: Int, to cosines: Region) throws

  /// Whether `count` f32 elements are all finite; waits for the answer.
  func isFinite(_ x: Region, count: Int) throws -> Bool
}
