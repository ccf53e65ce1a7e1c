internal import CPCRE2

/// A Unicode property as PCRE2 can be told to match it in the Unicode version of Hugging Face's
/// `tokenizers`.
///
/// Debian's PCRE2 knows Unicode 14, `tokenizers` knows 16: some nine thousand ideographs and
/// letters of younger scripts would split otherwise. Their ranges come from Swift's own tables.
struct UnicodeProperty {
  /// What to write into a character class for the property.
  let members: String
  /// What to write into a character class for everything else.
  let complement: String

  /// `\d`, the decimal digits of all scripts.
  static let decimalDigit = named("Nd")

  /// `\w` as Oniguruma has it: superscripts and fractions of Latin-1 count too.
  static let word = UnicodeProperty(
    members: "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{B2}\\x{B3}\\x{B9}\\x{BC}-\\x{BE}"
      + additions { category in
        ["L", "M", "Nd", "Nl", "Pc"].contains { category.hasPrefix($0) }
      },
    complement: "")

  /// A general category, a binary property or a script by its name.
  static func named(_ name: String) -> UnicodeProperty {
    if name.utf8.count <= 2 {
      return UnicodeProperty(
        members: "\\p{\(name)}" + additions { $0.hasPrefix(name) }, complement: "\\P{\(name)}")
    }
    let binary = ["Alphabetic", "Lowercase", "Uppercase", "White_Space", "Emoji", "Any"]
    // PCRE2 takes a bare script name for the script's extensions, Oniguruma for the script itself.
    let name = binary.contains(name) ? name : "sc:\(name)"
    return UnicodeProperty(members: "\\p{\(name)}", complement: "\\P{\(name)}")
  }

  /// The ranges of the newer characters whose general category passes.
  private static func additions(where passes: (String) -> Bool) -> String {
    var text = ""
    for range in newerCharacters where passes(range.category) {
      text += "\\x{\(String(range.first, radix: 16))}-\\x{\(String(range.last, radix: 16))}"
    }
    return text
  }

  /// The characters between the Unicode version of PCRE2 and 16.0, in runs of one category.
  private static let newerCharacters: [(first: UInt32, last: UInt32, category: String)] = {
    let known = knownVersion
    var runs: [(first: UInt32, last: UInt32, category: String)] = []
    for value in Self.blocksThatGrow.joined() {
      guard let properties = Unicode.Scalar(value)?.properties, let age = properties.age,
        (age.major, age.minor) > known, (age.major, age.minor) <= (16, 0),
        let category = shortName(properties.generalCategory)
      else { continue }
      if let last = runs.last, last.last + 1 == value, last.category == category {
        runs[runs.count - 1].last = value
      } else {
        runs.append((value, value, category))
      }
    }
    return runs
  }()

  /// Where characters came after Unicode 4.0: not among most ideographs, Hangul syllables and
  /// private use, nor, up to 16, beyond plane 3.
  private static let blocksThatGrow: [Range<UInt32>] = [
    0x80..<0x4E00, 0x9FA6..<0xAC00, 0xD7A4..<0xE000, 0xF900..<0x20000, 0x2A6D7..<0x323B0,
  ]

  private static var knownVersion: (Int, Int) {
    var text = [UInt8](repeating: 0, count: 32)
    guard pcre2_config_8(UInt32(PCRE2_CONFIG_UNICODE_VERSION), nil) <= text.count else {
      return (16, 0)
    }
    pcre2_config_8(UInt32(PCRE2_CONFIG_UNICODE_VERSION), &text)
    let parts = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self).split(separator: ".")
    guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else {
      return (16, 0)
    }
    return (major, minor)
  }

  private static func shortName(_ category: Unicode.GeneralCategory) -> String? {
    switch category {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    default: nil
    }
  }
}
