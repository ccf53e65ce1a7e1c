import Compression
import JSONFormat
import Models
import TestFixtures
import Testing

/// The units that a golden cut keeps.
struct Kept {
  let hidden: [Int]
  let heads: [[Int]]
  let ffn: [[Int]]
  let layers: [Int]

  init(_ json: JSON) throws {
    func ints(_ value: JSON?) throws -> [Int] { try #require(value?.array).compactMap(\.int) }
    hidden = try ints(json["hidden"])
    heads = try #require(json["heads"]?.array).map { try ints($0) }
    ffn = try #require(json["ffn"]?.array).map { try ints($0) }
    layers = try ints(json["layers"])
  }

  /// A view of the model with everything else switched off.
  func masked(_ model: Model) throws -> Model {
    let sizes = model.architecture
    func others(_ kept: [Int], of count: Int) -> [Int] { (0..<count).filter { !kept.contains($0) } }
    func pairs(_ kept: [[Int]], of count: Int) -> [(Int, Int)] {
      kept.enumerated().flatMap { layer, kept in others(kept, of: count).map { (layer, $0) } }
    }
    return try mask(
      model, heads: pairs(heads, of: sizes.heads), neurons: pairs(ffn, of: sizes.ffn),
      channels: others(hidden, of: sizes.hidden), layers: others(layers, of: sizes.layers))
  }
}

extension PruningRequest {
  /// The sizes of a golden cut.
  init(_ json: JSON) {
    func size(_ key: String) -> Size? { json[key]?.int.map { .count($0) } }
    self.init(
      hidden: size("hidden"), ffn: size("ffn"), heads: size("heads"), layers: size("layers"))
  }
}

/// Every golden cut, as model and name.
let goldenCuts: [(model: String, cut: String)] = [
  ("llama-tied", "ffn"), ("llama-tied", "heads"), ("llama-tied", "hidden"), ("llama-tied", "width"),
  ("llama-tied", "depth"), ("llama-untied-rope3", "width"), ("llama-untied-rope3", "depth"),
  ("llama-mha", "heads"), ("llama-mha", "width"), ("mistral", "width"), ("mistral", "all"),
  ("mistral-window", "width"), ("nemotron", "width"), ("nemotron", "all"), ("qwen2", "width"),
  ("qwen2", "depth"), ("qwen2-mha", "width"), ("qwen3", "width"), ("qwen3", "all"), ("gpt2", "ffn"),
  ("gpt2", "width"), ("gpt2", "depth"),
]
