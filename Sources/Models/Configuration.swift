import JSONFormat

/// A model's `config.json`: what it says of the architecture, and every other key as it stood.
public struct Configuration: Sendable {
  /// All members of the file, unknown ones included.
  public let json: JSONObject
  /// The sizes and constants.
  public let architecture: Architecture
  package let family: any Family

  /// Reads a configuration.
  /// - Parameter file: what errors call it.
  /// - Throws: `ModelError.configuration` naming the key that is missing, wrong or not supported.
  public init(_ json: JSON, file: String) throws {
    guard let object = json.object else {
      throw ModelError.configuration("\(file): must hold a JSON object")
    }
    let reader = ConfigReader(object: object, file: file)
    guard let type = try reader.string("model_type") else {
      throw reader.fault("model_type", "is missing")
    }
    guard let family = families.first(where: { $0.modelType == type }) else {
      let known = families.map(\.modelType).joined(separator: ", ")
      throw reader.fault("model_type", "is \"\(type)\", which is not supported; \(known) are")
    }
    self.init(
      json: object, architecture: try family.architecture(reader), family: family)
  }

  private init(json: JSONObject, architecture: Architecture, family: any Family) {
    self.json = json
    self.architecture = architecture
    self.family = family
  }

  /// The weights of such a model, in the order of the checkpoint.
  package var weightShapes: [WeightShape] { family.weights(of: architecture) }

  /// All parameters, a tied head counted once.
  public var parameters: Int { architecture.parameters(of: weightShapes) }

  /// The configuration with other sizes, written under the keys that this family reads.
  package func resized(to sizes: Architecture, keepingLayers kept: [Int]) -> Configuration {
    var json = json
    json["hidden_size"] = .int(sizes.hidden)
    json["intermediate_size"] = .int(sizes.ffn)
    json["num_hidden_layers"] = .int(sizes.layers)
    json["num_attention_heads"] = .int(sizes.heads)
    json["num_key_value_heads"] = .int(sizes.kvHeads)
    json["head_dim"] = .int(sizes.headDim)
    if let types = json["layer_types"]?.array, types.count == architecture.layers {
      json["layer_types"] = .array(kept.map { types[$0] })
    }
    if let limit = json["max_window_layers"]?.int {
      json["max_window_layers"] = .int(kept.filter { $0 < limit }.count)
    }
    return Configuration(json: json, architecture: sizes, family: family)
  }

  /// The configuration with `head_dim` written and the type of the saved weights noted, under the key
  /// that the file had.
  package func written(dtype: String) -> JSONObject {
    var json = json
    json["head_dim"] = .int(architecture.headDim)
    json[json["dtype"] != nil ? "dtype" : "torch_dtype"] = .string(dtype)
    return json
  }
}

extension Architecture {
  /// The elements of all weights of some shapes.
  package func parameters(of shapes: [WeightShape]) -> Int {
    shapes.reduce(0) { $0 + $1.sizes(in: self).reduce(1, *) }
  }
}
