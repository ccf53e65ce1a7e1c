/// Losses between a teacher's and a student's logits beside KL(teacher ‖ student), a chunk of
/// columns at a time as in `VocabularyOperations`. Logits of a chunk: [rows, columns], contiguous,
/// for the vocabulary's ids from `firstColumn`.
public protocol DistillationOperations {
  /// Replaces the student's logits by scale · upstream[0] / temperature · d KL(student ‖ teacher).
  ///
  /// The state is `divergenceUpdate`'s with the two models' places exchanged, and so is its loss:
  /// `divergenceLosses`.
  func reverseDivergenceGradient(
    teacher: Region, student: Region, state: Region, upstream: Region, temperature: Float,
    scale: Float, rows: Int, columns: Int) throws

  /// State [rows, 4]: Σ (s − t)², Σ s·t, Σ s², Σ t².
  func distanceUpdate(
    teacher: Region, student: Region, state: Region, rows: Int, columns: Int, isFirst: Bool) throws

  /// Replaces the student's logits by upstream[0] · (a · student + b · teacher), a and b being the
  /// row's coefficients: the gradient of every loss of a row that `distanceUpdate`'s sums make.
  ///
  /// Shape: coefficients [rows, 2].
  func mixRows(
    teacher: Region, student: Region, coefficients: Region, upstream: Region, rows: Int,
    columns: Int) throws

  /// Keeps the `kept` largest logits of each row in falling order, the lower id first on ties, with
  /// their ids and what a companion has in their columns. Places never filled: −∞ and id −1.
  ///
  /// Shape: values, companions f32 [rows, kept], ids i64 [rows, kept].
  func largestUpdate(
    _ logits: Region, companion: Region, values: Region, companions: Region, ids: Region,
    kept: Int, rows: Int, columns: Int, firstColumn: Int, isFirst: Bool) throws

  /// values[row, i] = the logit of ids[row, i], where the chunk has that column. The first chunk
  /// writes −∞ for the others; a negative id has none.
  func gatherColumns(
    _ logits: Region, ids: Region, values: Region, kept: Int, rows: Int, columns: Int,
    firstColumn: Int, isFirst: Bool) throws

  /// Adds upstream[0] · values[row, i] to the logit of ids[row, i], where the chunk has that
  /// column. The ids of a row differ, but for negative ones, which have none.
  func scatterColumns(
    _ values: Region, ids: Region, upstream: Region, into logits: Region, kept: Int, rows: Int,
    columns: Int, firstColumn: Int) throws
}
