import Checkpoints
import Corpus
import JSONFormat
import Kernels
import Models

/// What a cache of a teacher's logits is of: it is used for nothing else.
struct TeacherCacheKey {
  private static let kind = "pare.teacher"

  private let content: TeacherCacheContent
  private let teacher: ModelIdentity
  private let tokens: TokensIdentity
  private let precision: Precision

  init(
    _ content: TeacherCacheContent, teacher: ModelIdentity, tokens: TokensIdentity,
    precision: Precision
  ) {
    self.content = content
    self.teacher = teacher
    self.tokens = tokens
    self.precision = precision
  }

  /// The pairs that the file keeps.
  var metadata: [(key: String, value: String)] {
    [
      ("format", "pt"), ("kind", Self.kind), ("content", content.name),
      ("teacher", teacher.json.text()), ("tokens", tokens.json.text()),
      ("precision", "\(precision)"),
    ]
  }

  /// Refuses a file of anything else.
  /// - Throws: `CompressionError` with both names.
  func check(_ file: SafetensorsFile) throws {
    func kept(_ key: String) -> String? { file.metadata.first { $0.key == key }?.value }
    func refuse(_ found: String, _ wanted: String) -> CompressionError {
      .invalid(
        "the cache \(file.path) is of \(found), not of \(wanted): give another path, or remove it")
    }
    guard kept("kind") == Self.kind, let text = kept("teacher"),
      let foundTeacher = (try? JSON(reading: text)).flatMap({ ModelIdentity($0) }),
      let text = kept("tokens"),
      let foundTokens = (try? JSON(reading: text)).flatMap({ TokensIdentity($0) })
    else {
      throw CompressionError.invalid(
        "\(file.path) is no cache of a teacher's logits: give another path for one to be made")
    }
    guard foundTeacher == teacher else {
      throw refuse(
        "the teacher \(foundTeacher.name) (\(foundTeacher.fingerprint))",
        "\(teacher.name) (\(teacher.fingerprint))")
    }
    guard foundTokens == tokens else { throw refuse(Self.name(foundTokens), Self.name(tokens)) }
    guard kept("content") == content.name else {
      throw refuse(kept("content") ?? "unknown content", content.name)
    }
    guard kept("precision") == "\(precision)" else {
      let found = kept("precision") ?? "an unknown type"
      throw refuse("products in \(found)", "products in \(precision)")
    }
  }

  private static func name(_ tokens: TokensIdentity) -> String {
    "the tokens [\(tokens.windows), \(tokens.length)] (\(tokens.fingerprint))"
  }
}
