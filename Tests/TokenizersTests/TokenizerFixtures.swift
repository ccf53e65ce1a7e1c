import Files
import Foundation
import JSONFormat
import Tokenizers

/// The files that Tests/Fixtures/tokenizers.py wrote.
enum TokenizerFixtures {
  /// PARE_TOKENIZER_FIXTURES names another folder that the script filled, with more texts.
  static let folder =
    ProcessInfo.processInfo.environment["PARE_TOKENIZER_FIXTURES"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Fixtures/Tokenizers").standardized.path

  static let names = [
    "smollm", "gpt2", "llama3", "qwen2", "tekken", "added", "removed", "isolated",
    "merged_with_previous", "merged_with_next", "contiguous", "unknown", "unknown-fused",
    "unknown-dropped",
  ]

  static func json(_ name: String) throws -> JSON {
    try MappedFile(path: "\(folder)/\(name).json").withBytes { try JSON(reading: $0) }
  }

  static func tokenizer(_ name: String, configuration: JSON? = nil) throws -> Tokenizer {
    try Tokenizer(tokenizerJSON: json(name), configuration: configuration)
  }

  static func texts() throws -> [String] {
    try json("texts").array?.compactMap(\.string) ?? []
  }

  static func vectors(_ name: String) throws -> Vectors {
    let json = try json("\(name).vectors")
    func lists(_ key: String) -> [[Int]?] {
      json[key]?.array?.map { $0.array?.compactMap(\.int) } ?? []
    }
    func strings(_ key: String) -> [String?] { json[key]?.array?.map(\.string) ?? [] }
    return Vectors(
      plain: lists("plain").compactMap { $0 }, special: lists("special"),
      decoded: strings("decoded"), ids: lists("ids").compactMap { $0 },
      texts: strings("texts").compactMap { $0 })
  }

  /// What `tokenizers` gave; nil in `special` and `decoded` means as in `plain` and the text.
  struct Vectors {
    let plain: [[Int]]
    let special: [[Int]?]
    let decoded: [String?]
    let ids: [[Int]]
    let texts: [String]
  }
}

/// Equality by bytes, where Swift's own is by canonical equivalence.
func sameBytes(_ left: String, _ right: String) -> Bool {
  left.utf8.elementsEqual(right.utf8)
}
