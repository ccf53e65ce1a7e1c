import Foundation

/// What is done to a text before it is split.
struct Normalizer {
  private enum Form: String {
    case nfc = "NFC"
    case nfd = "NFD"
    case nfkc = "NFKC"
    case nfkd = "NFKD"
  }

  private let forms: [Form]

  /// Reads `normalizer`; nothing is done where it is missing.
  /// - Throws: `TokenizerError`: unsupported for anything but the four Unicode forms.
  init(_ field: Field) throws {
    forms = field.isPresent ? try Self.forms(field) : []
  }

  private static func forms(_ field: Field) throws -> [Form] {
    let type = try field["type"].string()
    if type == "Sequence" { return try field["normalizers"].elements().flatMap(forms) }
    guard let form = Form(rawValue: type) else {
      throw TokenizerError.unsupported("its normalizer \(type) is not one of byte-level models")
    }
    return [form]
  }

  /// The normalized text, nil where it is the text itself.
  func normalized(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    // ASCII is the same in all four forms.
    guard !forms.isEmpty, text.contains(where: { $0 >= 0x80 }) else { return nil }
    var string = Self.decomposingTibetanVowels(String(decoding: text, as: UTF8.self))
    for form in forms {
      string =
        switch form {
        case .nfc: string.precomposedStringWithCanonicalMapping
        case .nfd: string.decomposedStringWithCanonicalMapping
        case .nfkc: string.precomposedStringWithCompatibilityMapping
        case .nfkd: string.decomposedStringWithCompatibilityMapping
        }
    }
    return Array(string.utf8)
  }

  /// The text with three vowel signs replaced by the two marks that each stands for in every form.
  ///
  /// Swift decomposes them without putting the marks into canonical order with their neighbours.
  private static func decomposingTibetanVowels(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{F73}": scalars.append(contentsOf: "\u{F71}\u{F72}".unicodeScalars)
      case "\u{F75}": scalars.append(contentsOf: "\u{F71}\u{F74}".unicodeScalars)
      case "\u{F81}": scalars.append(contentsOf: "\u{F71}\u{F80}".unicodeScalars)
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}
