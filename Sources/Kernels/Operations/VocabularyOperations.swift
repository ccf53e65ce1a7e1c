/// Losses over a vocabulary seen a chunk of columns at a time, so that logits [rows, vocabulary]
/// are never whole in memory. A state of a few numbers a row is carried from chunk to chunk; the
/// first chunk (`isFirst`) initializes it. Logits of a chunk: [rows, columns], contiguous, for the
/// vocabulary's ids from `firstColumn`.
public protocol VocabularyOperations {
  /// State [rows, 3]: the maximum so far, Σ exp(logit − maximum), the target's logit.
  ///
  /// Targets: i64 [rows]; a negative one leaves the row out of the loss.
  func crossEntropyUpdate(
    _ logits: Region, targets: Region, state: Region, rows: Int, columns: Int, firstColumn: Int,
    isFirst: Bool) throws

  /// losses[row] = log Σ exp − the target's logit, in nats; 0 for rows left out.
  func crossEntropyLosses(_ state: Region, targets: Region, to losses: Region, rows: Int) throws

  /// Replaces logits by the loss's gradient scale · upstream[0] · (softmax − one-hot target); zero
  /// for rows left out.
  func crossEntropyGradient(
    _ logits: Region, targets: Region, state: Region, upstream: Region, scale: Float, rows: Int,
    columns: Int, firstColumn: Int) throws

  /// KL(teacher ‖ student) of softmax(logits / temperature). State [rows, 5]: the teacher's
  /// maximum, sum, Σ exp(t − maximum)·(t − s), the student's maximum and sum, logits divided by the
  /// temperature.
  func divergenceUpdate(
    teacher: Region, student: Region, state: Region, temperature: Float, rows: Int, columns: Int,
    isFirst: Bool) throws

  /// losses[row] = KL(teacher ‖ student) in nats.
  func divergenceLosses(_ state: Region, to losses: Region, rows: Int) throws

  /// Replaces the student's logits by scale · upstream[0] / temperature · (student's − teacher's
  /// probabilities).
  func divergenceGradient(
    teacher: Region, student: Region, state: Region, upstream: Region, temperature: Float,
    scale: Float, rows: Int, columns: Int) throws

  /// Keeps the largest logit of each row and its id, the lowest on ties.
  ///
  /// Shape: largest f32 [rows], ids i64 [rows].
  func argmaxUpdate(
    _ logits: Region, largest: Region, ids: Region, rows: Int, columns: Int, firstColumn: Int,
    isFirst: Bool) throws
}
