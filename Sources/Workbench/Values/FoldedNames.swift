import Language

/// A long list of names that differ by numbers in them, such as those of a model's activations, each
/// kind once: `layers.{0..29}.heads`.
struct FoldedNames {
  private let count: Int
  private let lines: [String]

  /// Below so many names a list shows as it is.
  private static let fewest = 40

  /// nil where the values are not such names.
  init?(_ values: [Value]) {
    guard values.count >= Self.fewest else { return nil }
    var order: [String] = []
    var numbers: [String: [Int]] = [:]
    for value in values {
      guard let name = value.asString, !name.contains(where: \.isWhitespace) else { return nil }
      let (pattern, number) = Self.split(name)
      if numbers[pattern] == nil { order.append(pattern) }
      numbers[pattern, default: []] += number.map { [$0] } ?? []
    }
    guard order.count * 4 <= values.count else { return nil }
    count = values.count
    lines = order.map { Self.line($0, numbers[$0] ?? []) }
  }

  /// The number of names, and each kind on a line.
  var text: String {
    (["\(count) names in a list:"] + lines.map { "  " + $0 }).joined(separator: "\n")
  }

  private static let hole = "\u{0}"

  /// A name with a hole in place of its first part that is a number.
  private static func split(_ name: String) -> (pattern: String, number: Int?) {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let place = parts.firstIndex(where: { Int($0) != nil }) else { return (name, nil) }
    let number = Int(parts[place])
    parts[place] = hole
    return (parts.joined(separator: "."), number)
  }

  private static func line(_ pattern: String, _ numbers: [Int]) -> String {
    guard let first = numbers.first, let last = numbers.last else { return pattern }
    let isRun = numbers == Array(first..<first + numbers.count)
    let text =
      numbers.count == 1 ? "\(first)" : isRun ? "{\(first)..\(last)}" : "{\(first)…\(last)}"
    return pattern.split(separator: hole, omittingEmptySubsequences: false).joined(separator: text)
  }
}
