import Foundation
import JSONFormat

/// Reads the keys of a `config.json`, with errors that name the file and the key.
package struct ConfigReader {
  let object: JSONObject
  /// What errors call the file.
  let file: String

  /// Sizes past this are a damaged file, and would overflow products of them.
  static let largestSize = 1 << 24

  /// Layers past this are a damaged file: every layer costs memory before its weights are looked for.
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

  private func checkedSize(_ key: String, _ value: JSON, _ limit: Int) throws -> Int {
    guard let size = value.int, size > 0, size <= limit else {
      throw fault(key, "must be an integer from 1 to \(limit), not \(shown(value))")
    }
    return size
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
  /// The rotary embedding, in the spelling of recent transformers (`rope_parameters`) or the older one
  /// (`rope_theta`, `rope_scaling`).
  func rope() throws -> Rope {
    let parameters = try nested("rope_parameters")
    let theta = try (parameters?.object["rope_theta"] != nil ? parameters : self)?
      .positive("rope_theta", default: 10_000)
    let scaling = try parameters ?? nested("rope_scaling")
    return Rope(theta: theta ?? 10_000, scaling: try scaling?.ropeScaling() ?? .none)
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
