import JSONFormat

/// The special tokens that go around the tokens of a text.
struct PostProcessor {
  private(set) var prefix: [Int] = []
  private(set) var suffix: [Int] = []

  /// Reads `post_processor`; nothing is added where it is missing.
  /// - Throws: `TokenizerError`: unsupported for a kind that byte-level models do not use.
  init(_ field: Field, vocabularySize: Int) throws {
    guard field.isPresent else { return }
    switch try field["type"].string() {
    case "ByteLevel":
      break  // moves offsets only
    case "Sequence":
      for element in try field["processors"].elements() {
        let inner = try PostProcessor(element, vocabularySize: vocabularySize)
        prefix = inner.prefix + prefix
        suffix += inner.suffix
      }
    case "TemplateProcessing":
      try readTemplate(field, vocabularySize: vocabularySize)
    case let other:
      throw TokenizerError.unsupported(
        "its post-processor \(other) is not one of byte-level models")
    }
  }

  private mutating func readTemplate(_ field: Field, vocabularySize: Int) throws {
    var sawText = false
    for piece in try field["single"].elements() {
      if piece["Sequence"].isPresent {
        guard try piece["Sequence"]["id"].string() == "A", !sawText else {
          throw piece.fault("a template for one text should hold it once, as A")
        }
        sawText = true
      } else {
        let name = try piece["SpecialToken"]["id"].string()
        let ids = try field["special_tokens"][name]["ids"].elements().map { try $0.id() }
        for id in ids where id >= vocabularySize {
          throw field["special_tokens"].fault("there is no token \(id)")
        }
        if sawText { suffix += ids } else { prefix += ids }
      }
    }
    guard sawText else { throw field["single"].fault("the template leaves out the text") }
  }
}
