import Checkpoints
import Compression
import Language
import Models

/// What a model would hold and cost, in the language.
final class PlanObject: DescribedObject, Displayable {
  let plan: Plan

  init(_ plan: Plan) { self.plan = plan }

  var typeName: String { "plan" }

  static let attributeTexts: KeyValuePairs = [
    "parameters": "How many weights there would be, a tied head counted once.",
    "non_embedding": "The weights without token and position embeddings and the head.",
    "bytes": "The bytes of the weights in a type.",
    "flops_per_token":
      "Operations for one token after so many others: 2 a weight of a product, and attention.",
    "kv_bytes_per_token": "The bytes of keys and values that a token adds to the cache.",
    "hidden": "The width of the residual stream.",
    "heads": "The query heads of a layer.",
    "kv_heads": "The key-value heads of a layer.",
    "head_dim": "The width of a head.",
    "ffn": "The neurons of a layer's MLP.",
    "layers": "How many layers there would be.",
    "vocab": "How many token ids there are.",
    "config": "The config.json as a dict.",
    "table": "Every size and cost before and after, as a table.",
  ]

  func representation() throws -> String { try table().representation() }

  func representation(width: Int?) throws -> String { try table().representation(width: width) }

  func display() throws -> Display { try table().display() }

  func attribute(_ name: String) throws -> Value? {
    let after = plan.after
    let sizes = after.architecture
    switch name {
    case "parameters": return .int(after.parameters)
    case "non_embedding": return .int(after.nonEmbeddingParameters)
    case "hidden": return .int(sizes.hidden)
    case "heads": return .int(sizes.heads)
    case "kv_heads": return .int(sizes.kvHeads)
    case "head_dim": return .int(sizes.headDim)
    case "ffn": return .int(sizes.ffn)
    case "layers": return .int(sizes.layers)
    case "vocab": return .int(sizes.vocab)
    case "config": return try Value(json: .object(after.json))
    case "table": return .object(try table())
    case "bytes":
      return method("bytes", "dtype=\"bf16\"") { .int(try after.bytes(as: try $0.storedType())) }
    case "flops_per_token":
      return method("flops_per_token", "length=0") { arguments in
        let length = try arguments.int("length")
        guard (0...1 << 24).contains(length) else {
          throw LanguageError("length must be between 0 and \(1 << 24), not \(length)")
        }
        return .int(after.operationsPerToken(length: length))
      }
    case "kv_bytes_per_token":
      return method("kv_bytes_per_token", "dtype=\"bf16\"") { arguments in
        let type = try arguments.storedType()
        guard !type.isQuantized else {
          throw LanguageError("keys and values are kept as f32, f16 or bf16, not \(type.rawValue)")
        }
        return .int(after.cacheBytesPerToken(as: type))
      }
    default: return nil
    }
  }

  /// Every size and cost before and after; without a cut there is only one column.
  private func table() throws -> TableObject {
    let rows = try zip(Self.counts(plan.before), Self.counts(plan.after)).map { before, after in
      [
        Value.string(before.name), .int(before.count), .int(after.count),
        .float(Double(after.count) / Double(before.count)),
      ]
    }
    let isCut = rows.contains { $0[3].asDouble != 1 }
    return TableObject(
      columns: isCut ? ["", "before", "after", "ratio"] : ["", "model"],
      rows: isCut ? rows : rows.map { Array($0.prefix(2)) })
  }

  private static func counts(_ model: Configuration) throws -> [(name: String, count: Int)] {
    let sizes = model.architecture
    return [
      ("layers", sizes.layers), ("hidden", sizes.hidden), ("heads", sizes.heads),
      ("kv_heads", sizes.kvHeads), ("head_dim", sizes.headDim), ("ffn", sizes.ffn),
      ("vocab", sizes.vocab), ("parameters", model.parameters),
      ("non-embedding", model.nonEmbeddingParameters),
      ("bytes (f32)", try model.bytes(as: .f32)), ("bytes (bf16)", try model.bytes(as: .bf16)),
      ("FLOPs per token", model.operationsPerToken()),
      ("KV bytes per token (bf16)", model.cacheBytesPerToken(as: .bf16)),
    ]
  }
}

extension BoundArguments {
  /// The `dtype` argument: any type that weights are stored in.
  fileprivate func storedType() throws -> StoredType {
    let name = try string("dtype")
    let all = StoredType.allCases.filter { $0.isFloat && $0 != .f64 }
    guard let type = all.first(where: { $0.rawValue == name }) else {
      let names = all.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw LanguageError(
        "dtype must be one of \(names), not '\(name)'" + didYouMean(name, all.map(\.rawValue)))
    }
    return type
  }
}
