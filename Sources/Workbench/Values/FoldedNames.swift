import Language

/// A long list of names that differ by numbers in them, such as those of a model's activations,
/// each kind once: `layers.{0..29}.heads`. Only a list whose names can all be read off that is
/// shown so.
struct FoldedNames {
  private let count: Int
  private let lines: [String]

  /// Below so many names a list shows as it is.
  private static let fewest = 40

  /// nil where the values are not such names.
  init?(_ values: [Value]) {
    guard values.count >= Self.fewest else { return nil }
    var order: [String] = []
    var numbers: [String: [Int?]] = [:]
    for value in values {
      guard let name = value.asString, !name.contains(where: \.isWhitespace) else { return nil }
      let (pattern, number) = Self.split(name)
      if numbers[pattern] == nil { order.append(pattern) }
      numbers[pattern, default: []].append(number)
    }
    guard order.count * 4 <= values.count else { return nil }
    count = values.count
    var lines: [String] = []
    for pattern in order {
      guard let line = Self.line(pattern, numbers[pattern] ?? []) else { return nil }
      lines.append(line)
    }
    self.lines = lines
  }

  /// The number of names, and each kind on a line.
  var text: String {
    (["\(count) names in a list:"] + lines.map { "  " + $0 }).joined(separator: "\n")
  }

  private static let hole = "\u{0}"
  /// Larger numbers are no positions.
  private static let mostDigits = 9

  /// A name with a hole in place of its first part that is a number.
  private static func split(_ name: String) -> (pattern: String, number: Int?) {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    func number(_ part: String) -> Int? {
      guard part.utf8.count <= mostDigits, let number = Int(part), String(number) == part else {
        return nil
      }
      return number
    }
    guard let place = parts.firstIndex(where: { number($0) != nil }) else { return (name, nil) }
    let found = number(parts[place])
    parts[place] = hole
    return (parts.joined(separator: "."), found)
  }

  /// A kind of names; nil where their numbers are no run, each once.
  private static func line(_ pattern: String, _ numbers: [Int?]) -> String? {
    let found = numbers.compactMap(\.self)
    if found.isEmpty { return numbers.count == 1 ? pattern : nil }
    guard found.count == numbers.count, zip(found, found.dropFirst()).allSatisfy({ $1 - $0 == 1 })
    else { return nil }
    let text = found.count == 1 ? "\(found[0])" : "{\(found[0])..\(found[found.count - 1])}"
    return pattern.split(separator: hole, omittingEmptySubsequences: false).joined(separator: text)
  }
}
