internal import CFontconfig

/// The fonts that stand in for letters which a theme's type lacks.
enum FallbackFont {
  /// The first of the installed fonts, as fontconfig orders them, that has a character as an outline;
  /// nil where none has. Fonts of coloured pictures, which no line of text can take, do not count.
  static func face(for character: Character) -> Face? {
    let letters = Array(
      character.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint })
    guard !letters.isEmpty else { return nil }
    let (pattern, wanted) = (FcPatternCreate(), FcCharSetCreate())
    defer {
      FcCharSetDestroy(wanted)
      FcPatternDestroy(pattern)
    }
    for letter in letters { FcCharSetAddChar(wanted, letter.value) }
    FcPatternAddCharSet(pattern, pare_fc_charset(), wanted)
    FcConfigSubstitute(nil, pattern, FcMatchPattern)
    FcDefaultSubstitute(pattern)
    var result = FcResultMatch
    guard let fonts = FcFontSort(nil, pattern, 0, nil, &result) else { return nil }
    defer { FcFontSetDestroy(fonts) }
    for index in 0..<Int(fonts.pointee.nfont) {
      if let font = fonts.pointee.fonts[index], let face = face(of: font, with: letters) {
        return face
      }
    }
    return nil
  }

  /// What a font is called, where it has all letters as outlines.
  private static func face(of font: OpaquePointer, with letters: [Unicode.Scalar]) -> Face? {
    var (isColored, isScalable) = (FcBool(0), FcBool(0))
    FcPatternGetBool(font, pare_fc_color(), 0, &isColored)
    FcPatternGetBool(font, pare_fc_scalable(), 0, &isScalable)
    var charset: OpaquePointer?
    var name: UnsafeMutablePointer<FcChar8>?
    guard isColored == 0, isScalable != 0,
      FcPatternGetCharSet(font, pare_fc_charset(), 0, &charset) == FcResultMatch,
      letters.allSatisfy({ FcCharSetHasChar(charset, $0.value) != 0 }),
      FcPatternGetString(font, pare_fc_family(), 0, &name) == FcResultMatch, let name
    else { return nil }
    var (slant, weight) = (Int32(0), Int32(0))
    FcPatternGetInteger(font, pare_fc_slant(), 0, &slant)
    FcPatternGetInteger(font, pare_fc_weight(), 0, &weight)
    return Face(
      family: String(cString: name), isSlanted: slant > FC_SLANT_ROMAN,
      isBold: weight > FC_WEIGHT_MEDIUM)
  }
}
