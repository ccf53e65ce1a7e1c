/// A wanted size: a count, or a fraction of what there is.
public enum Size: Sendable, Equatable {
  case count(Int)
  case fraction(Double)

  /// The count out of `total`; a fraction is rounded to nearest, half up, and is at least 1.
  /// - Throws: `CompressionError` for a count or fraction that is zero, negative or past the total.
  func resolved(of total: Int, name: String) throws -> Int {
    switch self {
    case .count(let count):
      guard count >= 1, count <= total else {
        throw CompressionError.invalid(
          "\(name)=\(count) is not possible: the model has \(total), and at least 1 must stay")
      }
      return count
    case .fraction(let fraction):
      guard fraction > 0, fraction <= 1 else {
        throw CompressionError.invalid(
          "\(name)=\(fraction) is no fraction in (0, 1]; an int gives a count out of \(total)")
      }
      return max(1, Int((fraction * Double(total) + 0.5).rounded(.down)))
    }
  }

  /// The count of heads, a multiple of `groups`: a fraction goes to the nearest multiple, at least
  /// one head a group.
  /// - Throws: `CompressionError` as `resolved`, and for a count that is no multiple.
  func resolvedHeads(of total: Int, groups: Int, name: String = "heads") throws -> Int {
    if case .fraction = self {
      return try resolved(of: total / groups, name: name) * groups
    }
    let count = try resolved(of: total, name: name)
    guard count % groups == 0 else {
      let (below, above) = (count / groups * groups, (count / groups + 1) * groups)
      throw CompressionError.invalid(
        "\(name)=\(count) is no multiple of the \(groups) key-value heads, which stay; "
          + (below == 0 ? "\(above) would do" : "\(below) or \(above) would do"))
    }
    return count
  }
}
