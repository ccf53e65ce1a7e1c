import Foundation

/// Numbers as short text: the digits that a step needs, a prefix or a power of ten where it is
/// shorter, a true minus sign.
package enum NumberLabels {
  /// The labels of multiples of `step`, all in one form.
  package static func labels(of values: [Double], step: Double) -> [String] {
    let largest = values.map(\.magnitude).max() ?? 0
    guard largest > 0 else { return values.map { _ in "0" } }
    if largest < 1e-3 || largest >= 1e15 {
      // Six digits may not tell neighbours apart.
      for digits in 5...16 {
        let labels = values.map { scientific($0, digits: digits) }
        if digits == 16 || Set(labels).count == Set(values).count { return labels }
      }
    }
    let plain = values.map { fixed($0, decimals: decimals(of: step)) }
    guard largest >= 1e4, let prefix = prefixes.last(where: { largest >= $0.size }) else {
      return plain
    }
    let digits = decimals(of: step / prefix.size)
    let short = values.map {
      $0 == 0 ? "0" : fixed($0 / prefix.size, decimals: digits) + prefix.letter
    }
    return longest(short) < longest(plain) ? short : plain
  }

  /// The labels of a logarithmic axis: plain where that stays short, else powers of ten.
  package static func logarithmicLabels(of values: [Double]) -> [String] {
    if values.allSatisfy({ $0 > 0.99e-3 && $0 < 1.01e4 }) {
      return values.map { fixed($0, decimals: decimals(of: $0)) }
    }
    if values.allSatisfy({ $0 > 0.99e3 && $0 < 1.01e15 }) {
      return values.map { value in
        guard let prefix = prefixes.last(where: { value >= $0.size * 0.99 }) else { return "0" }
        let scaled = value / prefix.size
        return fixed(scaled, decimals: decimals(of: scaled)) + prefix.letter
      }
    }
    return values.map { scientific($0) }
  }

  /// The values of an annotated heatmap, at most three digits that matter in the largest.
  package static func annotations(of values: [Float]) -> [String] {
    let finite = values.filter(\.isFinite)
    let largest = Double(finite.map(\.magnitude).max() ?? 0)
    let areWhole = finite.allSatisfy { $0 == $0.rounded() }
    if largest > 0, largest < 1e-3 || largest >= 1e5 {
      return values.map { text(of: Double($0)) { exponential($0) } }
    }
    let least = finite.filter { $0 != 0 }.map { Double($0.magnitude) }.min() ?? largest
    if !areWhole, largest / least > 300 {
      // Far apart, each has digits of its own.
      return values.map { text(of: Double($0)) { significant($0) } }
    }
    let digits = areWhole || largest == 0 ? 0 : max(0, 2 - Int(log10(largest).rounded(.down)))
    return values.map { text(of: Double($0)) { fixed($0, decimals: min(digits, 4)) } }
  }

  /// A number in two or three digits that matter.
  private static func significant(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let power = Int(log10(value.magnitude).rounded(.down))
    if power < -3 || power > 4 { return exponential(value) }
    return fixed(value, decimals: max(0, min(1 - power, 4)))
  }

  // MARK: Forms

  private static let prefixes: [(size: Double, letter: String)] = [
    (1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T"),
  ]

  /// The digits behind the point that write multiples of `step` exactly, at most 15.
  static func decimals(of step: Double) -> Int {
    var scaled = step.magnitude
    var count = 0
    while count < 15, abs(scaled - scaled.rounded()) > 1e-6 * max(scaled, 1e-9) {
      scaled *= 10
      count += 1
    }
    return count
  }

  static func fixed(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    guard text.utf8.first == UInt8(ascii: "-") else { return text }
    let digits = text.dropFirst()
    return digits.allSatisfy { $0 == "0" || $0 == "." } ? String(digits) : "−" + digits
  }

  /// `1.5×10⁻⁵`, with at most so many digits behind the point.
  private static func scientific(_ value: Double, digits: Int = 5) -> String {
    let parts = String(format: "%.\(digits)e", value).split(separator: "e")
    guard value != 0, parts.count == 2, let power = Int(parts[1]), let factor = Double(parts[0])
    else { return "0" }
    let sign = factor < 0 ? "−" : ""
    let text = fixed(factor.magnitude, decimals: min(digits, decimals(of: factor)))
    return sign + (text == "1" ? "" : text + "×") + "10" + superscript(power)
  }

  /// `1.2e-5`: narrower than a power of ten, for cells.
  private static func exponential(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let parts = String(format: "%.1e", value).split(separator: "e")
    guard parts.count == 2, let power = Int(parts[1]) else { return "\(value)" }
    return "\(parts[0])e\(power)".replacing("-", with: "−")
  }

  private static func text(of value: Double, _ form: (Double) -> String) -> String {
    if value.isNaN { return "" }
    return value.isFinite ? form(value) : (value < 0 ? "−∞" : "∞")
  }

  private static func superscript(_ power: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    let text = String(power.magnitude).compactMap(\.wholeNumberValue).map { digits[$0] }
    return (power < 0 ? "⁻" : "") + String(text)
  }

  private static func longest(_ labels: [String]) -> Int { labels.map(\.count).max() ?? 0 }
}
