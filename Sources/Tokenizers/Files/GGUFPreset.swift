import JSONFormat

/// What a GGUF means by the value of `tokenizer.ggml.pre`: the parts of `tokenizer.json` that the
/// metadata does not hold.
struct GGUFPreset {
  let preTokenizer: JSON
  var normalizer: JSON = .null
  var ignoresMerges = false
  /// Whether the begin token is added where the file does not say.
  var addsBeginToken = false

  /// - Throws: `TokenizerError.unsupported` for a name that is not known here.
  static func named(_ name: String?) throws -> GGUFPreset {
    switch name {
    case "smollm":
      let digits: JSON = ["type": "Digits", "individual_digits": true]
      return GGUFPreset(preTokenizer: sequence(digits, byteLevel(splits: true)))
    case "gpt-2":
      return GGUFPreset(preTokenizer: byteLevel(splits: true))
    case "llama-bpe", "llama3", "llama-v3":
      return GGUFPreset(
        preTokenizer: sequence(split(words(numbers: "\\p{N}{1,3}")), byteLevel(splits: false)),
        ignoresMerges: true, addsBeginToken: true)
    case "qwen2":
      return GGUFPreset(
        preTokenizer: sequence(split(words(numbers: "\\p{N}")), byteLevel(splits: false)),
        normalizer: ["type": "NFC"])
    case "tekken":
      return GGUFPreset(
        preTokenizer: sequence(split(tekken), byteLevel(splits: false)),
        ignoresMerges: true, addsBeginToken: true)
    case let name?:
      throw TokenizerError.unsupported(
        "tokenizer.ggml.pre \(TokenizerError.excerpt(name)) is none of smollm, gpt-2, llama-bpe, "
          + "qwen2, tekken")
    case nil:
      throw TokenizerError.unsupported(
        "the file does not say how text is split (tokenizer.ggml.pre)")
    }
  }

  /// Llama 3's split, and Qwen 2's with digits one by one.
  private static func words(numbers: String) -> String {
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\(numbers)"
      + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
  }

  /// Mistral NeMo's split: words end where lower case turns to upper case.
  private static let tekken =
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
    + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

  private static func sequence(_ steps: JSON...) -> JSON {
    ["type": "Sequence", "pretokenizers": .array(steps)]
  }

  private static func split(_ pattern: String) -> JSON {
    [
      "type": "Split", "pattern": ["Regex": .string(pattern)], "behavior": "Isolated",
      "invert": false,
    ]
  }

  static func byteLevel(splits: Bool) -> JSON {
    [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
      "use_regex": .bool(splits),
    ]
  }
}
