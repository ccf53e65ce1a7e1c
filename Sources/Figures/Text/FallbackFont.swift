internal import CFontconfig
import Synchronization

/// The fonts that stand in for letters which a theme's family lacks.
enum FallbackFont {
  /// The family of the installed font that fontconfig puts first among those that have a character
  /// as an outline; nil where none has.
  static func family(for character: Character) -> String? {
    if let known = found.withLock({ $0[character] }) { return known }
    let family = search(character)
    found.withLock { $0[character] = .some(family) }
    return family
  }

  private static let found = Mutex<[Character: String?]>([:])

  private static func search(_ character: Character) -> String? {
    let letters = character.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint }
    let (pattern, wanted) = (FcPatternCreate(), FcCharSetCreate())
    defer {
      FcCharSetDestroy(wanted)
      FcPatternDestroy(pattern)
    }
    for letter in letters { FcCharSetAddChar(wanted, letter.value) }
    FcPatternAddCharSet(pattern, pare_fc_charset(), wanted)
    FcPatternAddBool(pattern, pare_fc_scalable(), FcBool(1))
    FcPatternAddBool(pattern, pare_fc_color(), FcBool(0))
    FcConfigSubstitute(nil, pattern, FcMatchPattern)
    FcDefaultSubstitute(pattern)
    var result = FcResultMatch
    guard let match = FcFontMatch(nil, pattern, &result) else { return nil }
    defer { FcPatternDestroy(match) }
    var (isColored, charset, name) = (
      FcBool(0), OpaquePointer?.none, UnsafeMutablePointer<FcChar8>?.none
    )
    FcPatternGetBool(match, pare_fc_color(), 0, &isColored)
    guard isColored == 0,
      FcPatternGetCharSet(match, pare_fc_charset(), 0, &charset) == FcResultMatch,
      letters.allSatisfy({ FcCharSetHasChar(charset, $0.value) != 0 }),
      FcPatternGetString(match, pare_fc_family(), 0, &name) == FcResultMatch, let name
    else { return nil }
    return String(cString: name)
  }
}
