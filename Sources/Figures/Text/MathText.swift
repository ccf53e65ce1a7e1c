/// A line of text with mathematics in it: what stands between two dollar signs is read in TeX's
/// manner, as far as labels need it. Unicode's own superscripts are raised anywhere.
package struct MathText: Sendable, Equatable {
  /// Text and formulas, from left to right.
  package private(set) var nodes: [MathNode] = []
  /// What of the formulas was not understood, a clause each: `\foo is not known`.
  package private(set) var faults: [String] = []

  /// Reads a line. A dollar sign without a second one is itself, and so is `\$`.
  package init(_ line: String) {
    guard line.utf8.contains(where: { $0 == UInt8(ascii: "$") || $0 >= 0x80 }) else {
      nodes = [.letters(line)]
      return
    }
    for part in Self.parts(of: line[...]) {
      if part.isMath {
        var reader = MathReader(part.text)
        nodes.append(.row(reader.atoms()))
        faults += reader.faults
      } else {
        appendPlain(String(part.text).replacing("\\$", with: "$"))
      }
    }
  }

  /// What stands between two dollar signs, or two pairs of them, without them, and what does not. A
  /// sign behind a backslash, `\$` as any other, means nothing here.
  package static func parts(of line: Substring) -> [(text: Substring, isMath: Bool)] {
    var parts: [(text: Substring, isMath: Bool)] = []
    var (start, place) = (line.startIndex, line.startIndex)
    while let dollar = firstDollar(of: line[place...]) {
      let fence = line[dollar...].hasPrefix("$$") ? "$$" : "$"
      let inside = line.index(dollar, offsetBy: fence.count)
      guard let end = closing(fence, of: line[inside...]), end > inside else {
        place = inside
        continue
      }
      if start < dollar { parts.append((line[start..<dollar], false)) }
      parts.append((line[inside..<end], true))
      place = line.index(end, offsetBy: fence.count)
      start = place
    }
    if start < line.endIndex { parts.append((line[start...], false)) }
    return parts
  }

  private static func firstDollar(of text: Substring) -> String.Index? {
    var place = text.startIndex
    while place < text.endIndex, text[place] != "$" {
      let step = text[place] == "\\" ? 2 : 1
      guard let next = text.index(place, offsetBy: step, limitedBy: text.endIndex) else {
        return nil
      }
      place = next
    }
    return place < text.endIndex ? place : nil
  }

  private static func closing(_ fence: String, of text: Substring) -> String.Index? {
    var rest = text
    while let dollar = firstDollar(of: rest) {
      // `$5 and $6` are two prices.
      let isPrice =
        dollar > text.startIndex && text[text.index(before: dollar)].isWhitespace
        && text[text.index(after: dollar)...].first?.isNumber == true
      if rest[dollar...].hasPrefix(fence), !isPrice { return dollar }
      rest = rest[rest.index(after: dollar)...]
    }
    return nil
  }

  /// Whether a dollar sign is left without its second one.
  static func isOpen(_ line: String) -> Bool {
    parts(of: line[...]).contains { !$0.isMath && firstDollar(of: $0.text) != nil }
  }

  /// Adds text, the digits that Unicode has raised or lowered as scripts.
  private mutating func appendPlain(_ text: String) {
    var (plain, raised, lowered) = ("", "", "")
    func flush() {
      if !plain.isEmpty { nodes.append(.letters(plain)) }
      if !raised.isEmpty { nodes.append(.scripts(.letters(""), upper: .letters(raised))) }
      if !lowered.isEmpty { nodes.append(.scripts(.letters(""), lower: .letters(lowered))) }
      (plain, raised, lowered) = ("", "", "")
    }
    for character in text {
      if let digit = Self.raised[character] {
        if raised.isEmpty { flush() }
        raised.append(digit)
      } else if let digit = Self.lowered[character] {
        if lowered.isEmpty { flush() }
        lowered.append(digit)
      } else {
        if plain.isEmpty { flush() }
        plain.append(character)
      }
    }
    flush()
  }

  private static let raised: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9", "⁻": "−", "⁺": "+", "ⁿ": "n",
  ]
  private static let lowered: [Character: Character] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8",
    "₉": "9", "₋": "−", "₊": "+",
  ]
}
