/// The three parts of `start:stop:step`, `None` where one is left out.
public struct SliceValue {
  /// The first index, or `None`.
  public let start: Value
  /// The index where the slice ends, or `None`.
  public let stop: Value
  /// The step, or `None`.
  public let step: Value

  /// A slice of three parts.
  public init(start: Value = .none, stop: Value = .none, step: Value = .none) {
    self.start = start
    self.stop = stop
    self.step = step
  }

  /// The slice on a sequence of `length` elements, clamped as Python and NumPy clamp it.
  ///
  /// - Returns: the first index, the step and how many elements there are.
  /// - Throws: `LanguageError` where a part is no integer or the step is 0.
  public func resolved(length: Int) throws -> (start: Int, step: Int, count: Int) {
    let step = try part(step, "step") ?? 1
    if step == 0 { throw LanguageError("a slice step cannot be 0") }
    let lowest = step > 0 ? 0 : -1
    let highest = step > 0 ? length : length - 1
    func clamp(_ value: Int) -> Int {
      let index = value < 0 ? max(value, -length - 1) + length : value
      return min(max(index, lowest), highest)
    }
    let first = try part(start, "start").map(clamp) ?? (step > 0 ? lowest : highest)
    let last = try part(stop, "stop").map(clamp) ?? (step > 0 ? highest : lowest)
    let distance = step > 0 ? last - first : first - last
    if distance <= 0 { return (first, step, 0) }
    let count = (distance - 1) / Int(clamping: step.magnitude) + 1
    return (first, step, count)
  }

  private func part(_ value: Value, _ name: String) throws -> Int? {
    if value.isNone { return nil }
    guard let number = value.asInt else {
      throw LanguageError("a slice \(name) must be an int or None, not \(value.typePhrase)")
    }
    return number
  }
}

extension Array {
  /// The elements that a resolved slice names.
  func slice(_ slice: (start: Int, step: Int, count: Int)) -> [Element] {
    if slice.step == 1 { return Array(self[slice.start..<slice.start + slice.count]) }
    return (0..<slice.count).map { self[slice.start + $0 * slice.step] }
  }
}

/// The position that an index names, negative ones counted from the end.
///
/// - Throws: `LanguageError` where the index is no integer or out of range.
func resolveIndex(_ index: Value, count: Int, of what: String) throws -> Int {
  guard let number = index.asInt else {
    throw LanguageError(
      "\(withArticle(what)) is indexed by ints or slices, not \(index.typePhrase)")
  }
  let position = number < 0 ? number &+ count : number
  guard number >= -count, position < count else {
    let plural = count == 1 ? "1 element" : "\(count) elements"
    throw LanguageError("index \(number) is out of range for \(withArticle(what)) of \(plural)")
  }
  return position
}
