import Foundation
import JSONFormat

/// Reads the keys of a `config.json`, with errors that name the file and the key.
package struct ConfigReader {
  let object: JSONObject
  /// What errors call the file.
  let file: String

  /// Sizes past this are a damaged file, and would overflow products of them.
  static let largestSize = 1 << 24

  /// Layers past this are a damaged file: every layer costs memory before its weights are looked
  /// for.
  static let mostLayers = 4096

  /// A positive integer that must be there.
  func size(_ key: String, atMost limit: Int = largestSize) throws -> Int {
    guard let value = object[key], !value.isNull else { throw fault(key, "is missing") }
    return try checkedSize(key, value, limit)
  }

  /// A positive integer, nil where the key is missing or null.
  func optionalSize(_ key: String) throws -> Int? {
    guard let value = object[key], !value.isNull else { return nil }
    return try checkedSize(key, value, Self.largestSize)
  }

  /// Refuses a flag that is true.
  func refuse(_ key: String, where trouble: String) throws {
    if try flag(key, default: false) { throw fault(key, "is true: \(trouble) are not supported") }
  }

  /// Refuses a function other than those that are named, the first of which is the default.
  func requireFunction(_ key: String, _ known: String...) throws {
    guard let name = try string(key), !known.contains(name) else { return }
    let list = known.joined(separator: ", ")
    throw fault(
      key, "is \"\(name)\", which is not supported; \(list) \(known.count == 1 ? "is" : "are")")
  }

  private func checkedSize(_ key: String, _ value: JSON, _ limit: Int) throws -> Int {
    guard let size = value.int, size > 0, size <= limit else {
      throw fault(key, "must be an integer from 1 to \(limit), not \(shown(value))")
    }
    return size
  }

  /// An integer from 0 on, with its default.
  func count(_ key: String, default fallback: Int) throws -> Int {
    guard let value = object[key], !value.isNull else { return fallback }
    guard let count = value.int, count >= 0 else {
      throw fault(key, "must be an integer from 0 on, not \(shown(value))")
    }
    return count
  }

  /// A positive number; a default where the key is missing, an error where there is none.
  func positive(_ key: String, default fallback: Double? = nil) throws -> Double {
    guard let value = object[key], !value.isNull else {
      guard let fallback else { throw fault(key, "is missing") }
      return fallback
    }
    guard let number = value.double, number > 0, number.isFinite else {
      throw fault(key, "must be a positive number, not \(shown(value))")
    }
    return number
  }

  /// A truth value with its default.
  func flag(_ key: String, default fallback: Bool) throws -> Bool {
    guard let value = object[key], !value.isNull else { return fallback }
    guard let flag = value.bool else {
      throw fault(key, "must be true or false, not \(shown(value))")
    }
    return flag
  }

  /// A string, nil where the key is missing or null.
  func string(_ key: String) throws -> String? {
    guard let value = object[key], !value.isNull else { return nil }
    guard let text = value.string else { throw fault(key, "must be a string, not \(shown(value))") }
    return text
  }

  /// The members of an object under a key, nil where it is missing or null.
  func nested(_ key: String) throws -> ConfigReader? {
    guard let value = object[key], !value.isNull else { return nil }
    guard let nested = value.object else {
      throw fault(key, "must be an object, not \(shown(value))")
    }
    return ConfigReader(object: nested, file: "\(file), \(key)")
  }

  func fault(_ key: String, _ reason: String) -> ModelError {
    .configuration("\(file): '\(key)' \(reason)")
  }

  private func shown(_ value: JSON) -> String {
    let text = value.text()
    return text.count > 40 ? text.prefix(40) + "…" : text
  }
}

extension ConfigReader {
  /// The architecture that the keys describe which most families share.
  ///
  /// - Parameters:
  ///   - headDimKeys: where the head size is looked for, in this order.
  ///   - headDim: the head size where none of them is there; hidden / heads where nil.
  ///   - epsilon: the key of what norms add, and its default.
  ///   - rope: the rotary embedding, read already.
  func architecture(
    headDimKeys: [String] = ["head_dim"], headDim defaultHeadDim: Int? = nil,
    epsilon: (key: String, value: Double) = ("rms_norm_eps", 1e-6), rope: Rope
  ) throws -> Architecture {
    let hidden = try size("hidden_size")
    let heads = try size("num_attention_heads")
    let kvHeads = try optionalSize("num_key_value_heads") ?? heads
    guard heads % kvHeads == 0 else {
      throw fault(
        "num_attention_heads",
        "is \(heads), which is no multiple of the \(kvHeads) of 'num_key_value_heads'")
    }
    let key = headDimKeys.first { object[$0].map { !$0.isNull } ?? false } ?? "head_dim"
    let headDim = try optionalSize(key) ?? defaultHeadDim ?? hidden / heads
    try requireHeadSize(headDim, key, heads: heads, rope)
    return Architecture(
      layers: try size("num_hidden_layers", atMost: Self.mostLayers), hidden: hidden, heads: heads,
      kvHeads: kvHeads, headDim: headDim, ffn: try size("intermediate_size"),
      vocab: try size("vocab_size"), isTied: try flag("tie_word_embeddings", default: false),
      normEpsilon: try positive(epsilon.key, default: epsilon.value), rope: rope)
  }

  private func requireHeadSize(_ size: Int, _ key: String, heads: Int, _ rope: Rope) throws {
    guard size > 0, rope.fraction < 1 || size % 2 == 0 else {
      throw fault(key, "is \(size): rotary positions need an even size")
    }
    let rotated = rope.rotated(headDim: size)
    guard rotated > 0, rotated % 2 == 0, rotated <= size else {
      throw fault(
        "partial_rotary_factor",
        "turns \(rotated) of a head's \(size) elements: that must be an even number of them")
    }
    guard heads * size <= Self.largestSize else {
      throw fault(key, "is \(size): \(heads) heads of it pass \(Self.largestSize) elements")
    }
  }
}

extension ConfigReader {
  /// The rotary embedding, in the spelling of recent transformers (`rope_parameters`) or the older
  /// one (`rope_theta`, `rope_scaling`).
  func rope() throws -> Rope {
    let parameters = try nested("rope_parameters")
    let theta = try (parameters?.object["rope_theta"] != nil ? parameters : self)?
      .positive("rope_theta", default: 10_000)
    let scaling = try parameters ?? nested("rope_scaling")
    return Rope(theta: theta ?? 10_000, scaling: try scaling?.ropeScaling() ?? .none)
  }

  /// The rotary embedding of a family that turns a part of each head. The part is read where recent
  /// transformers looks for it, beside theta or at the top, and under its older name.
  func partialRope(fraction fallback: Double) throws -> Rope {
    var rope = try rope()
    rope.fraction = fallback
    let beside = try nested("rope_parameters") ?? nested("rope_scaling")
    for (reader, key) in [
      (beside, "partial_rotary_factor"), (self, "partial_rotary_factor"), (self, "rope_percent"),
    ] {
      guard let reader, let value = reader.object[key], !value.isNull else { continue }
      rope.fraction = try reader.positive(key)
      guard rope.fraction <= 1 else { throw reader.fault(key, "is above 1: \(rope.fraction)") }
      break
    }
    return rope
  }

  private func ropeScaling() throws -> Rope.Scaling {
    let key = object["rope_type"] == nil && object["type"] != nil ? "type" : "rope_type"
    switch try string(key) {
    case nil, "default": return .none
    case "linear": return .linear(factor: try positive("factor"))
    case "llama3":
      let (low, high) = (try positive("low_freq_factor"), try positive("high_freq_factor"))
      guard high > low else {
        throw fault("high_freq_factor", "must be above low_freq_factor")
      }
      return .llama3(
        factor: try positive("factor"), low: low, high: high,
        originalContext: try size("original_max_position_embeddings"))
    case let other?:
      throw fault(
        key, "is \"\(other)\", which is not supported; default, linear and llama3 are")
    }
  }
}
