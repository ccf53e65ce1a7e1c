import Foundation

extension Int {
  /// The number with commas between thousands.
  var grouped: String {
    let digits = Array(String(magnitude))
    let groups = stride(from: digits.count, to: 0, by: -3).map { end in
      String(digits[Swift.max(0, end - 3)..<end])
    }
    return (self < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }
}

extension Double {
  /// The number as tables and summaries show it: four digits after the point; an exponent where
  /// those would hide it or tell nothing.
  package var readable: String {
    if isNaN { return "nan" }
    if self == 0 || ((9.5e-4..<1e12).contains(magnitude)) { return digits(4) }
    if isInfinite { return self < 0 ? "-inf" : "inf" }
    return String(format: "%.3e", locale: Locale(identifier: "en_US_POSIX"), self).lowercased()
  }

  /// The number with so many digits after the point.
  func digits(_ count: Int) -> String {
    String(format: "%.\(count)f", locale: Locale(identifier: "en_US_POSIX"), self)
  }
}

extension String {
  /// The text with HTML's special characters written as entities.
  var escapedForHTML: String {
    var result = ""
    for character in self {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
