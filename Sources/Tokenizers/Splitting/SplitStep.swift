import JSONFormat

/// One step of cutting a text into the words that merges stay inside of.
enum SplitStep {
  /// What becomes of the text that a pattern matches.
  enum Behavior: String {
    case isolated = "Isolated"
    case removed = "Removed"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"
  }

  case pattern(SplitPattern, Behavior, isInverted: Bool)
  /// Numbers of any script apart from the rest, each alone or in runs.
  case digits(areIndividual: Bool)
  /// GPT-2's: a space before each piece where asked for, then its split where asked for.
  case byteLevel(addsPrefixSpace: Bool, SplitPattern?)

  /// GPT-2's split.
  private static let gpt2 =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

  /// Reads `pre_tokenizer` into steps, of which the last is always the byte-level one.
  /// - Throws: `TokenizerError`: unsupported for a kind that byte-level models do not use.
  static func steps(_ field: Field) throws -> [SplitStep] {
    guard field.isPresent else {
      throw TokenizerError.unsupported("it has no pre-tokenizer, so it is not byte-level")
    }
    let steps = try flattened(field).map(step)
    for (index, step) in steps.enumerated() {
      let isLast = index == steps.count - 1
      guard case .byteLevel = step else {
        if isLast { throw TokenizerError.unsupported("its pre-tokenizer is not byte-level") }
        continue
      }
      if !isLast { throw TokenizerError.unsupported("its pre-tokenizer goes on after ByteLevel") }
    }
    guard !steps.isEmpty else {
      throw TokenizerError.unsupported("its pre-tokenizer is not byte-level")
    }
    return steps
  }

  private static func flattened(_ field: Field) throws -> [Field] {
    guard try field["type"].string() == "Sequence" else { return [field] }
    return try field["pretokenizers"].elements().flatMap(flattened)
  }

  private static func step(_ field: Field) throws -> SplitStep {
    switch try field["type"].string() {
    case "Split":
      let name = try field["behavior"].string()
      guard let behavior = Behavior(rawValue: name) else {
        throw field["behavior"].fault("\(TokenizerError.excerpt(name)) is no behavior")
      }
      return .pattern(
        try pattern(field["pattern"]), behavior,
        isInverted: try field["invert"].bool(default: false))
    case "Digits":
      return .digits(areIndividual: try field["individual_digits"].bool(default: false))
    case "ByteLevel":
      let splits = try field["use_regex"].bool(default: true)
      return .byteLevel(
        addsPrefixSpace: try field["add_prefix_space"].bool(default: true),
        splits ? try SplitPattern(regex: gpt2, part: field.path) : nil)
    case let other:
      throw TokenizerError.unsupported("its pre-tokenizer \(other) is not one of byte-level models")
    }
  }

  private static func pattern(_ field: Field) throws -> SplitPattern {
    if field["Regex"].isPresent {
      return try SplitPattern(regex: field["Regex"].string(), part: field.path)
    }
    let literal = try field["String"].string()
    guard !literal.isEmpty else { throw field.fault("an empty pattern") }
    return try SplitPattern(literal: literal, part: field.path)
  }
}
