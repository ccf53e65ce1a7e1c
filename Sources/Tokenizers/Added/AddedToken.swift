import JSONFormat

/// A token that is looked for in the text before the text is split into words.
struct AddedToken {
  let id: Int
  let content: String
  /// Whether it counts only with no letter, digit or underscore beside it.
  let isSingleWord: Bool
  /// Whether it takes in the white space on its left.
  let stripsLeft: Bool
  /// Whether it takes in the white space on its right.
  let stripsRight: Bool
  /// Whether it is looked for in the normalized text.
  let isNormalized: Bool
  /// Whether Hugging Face calls it special; those are preferred where two tokens are the same.
  let isSpecial: Bool

  /// Reads one element of `added_tokens`.
  init(_ field: Field) throws {
    id = try field["id"].id()
    content = try field["content"].string()
    isSingleWord = try field["single_word"].bool(default: false)
    stripsLeft = try field["lstrip"].bool(default: false)
    stripsRight = try field["rstrip"].bool(default: false)
    isSpecial = try field["special"].bool(default: false)
    isNormalized = try field["normalized"].bool(default: !isSpecial)
  }
}
