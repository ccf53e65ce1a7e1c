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
    let elements = weightShapes.reduce(0.0) { total, shape in
      total + shape.sizes(in: architecture).reduce(1.0) { $0 * Double($1) }
    }
    guard elements <= Self.mostParameters else {
      throw ModelError.configuration(
        "\(file): the sizes make more than \(Int(Self.mostParameters)) parameters")
    }
  }

  /// Parameters past this, 2^50, are a damaged file; below, no count of bytes or operations
  /// overflows.
  private static let mostParameters = 0x1p50

  private init(json: JSONObject, architecture: Architecture, family: any Family) {
    self.json = json
    self.architecture = architecture
    self.family = family
  }

  /// The weights of such a model, in the order of the checkpoint.
  package var weightShapes: [WeightShape] { family.weights(of: architecture) }

  /// Why a checkpoint of its family cannot hold such a model, a sentence; nil where it can.
  package var obstacleToSaving: String? { family.obstacle(toSaving: architecture) }

  /// All parameters, a tied head counted once.
  public var parameters: Int { architecture.parameters(of: weightShapes) }

  /// The parameters that are neither embeddings of tokens or positions nor the head.
  public var nonEmbeddingParameters: Int {
    architecture.parameters(of: weightShapes.filter { !$0.isEmbedding })
  }

  /// The family's names for what stands outside the layers, and for the layers.
  package var names: WeightNames { family.names }

  /// The configuration with other sizes, written under the keys that this family reads.
  /// - Parameter kept: the layers that stay, by their numbers in this one.
  package func resized(to sizes: Architecture, keepingLayers kept: [Int]) -> Configuration {
    var json = json
    var sizes = sizes
    sizes.wholeLayers = Set(kept.indices.filter { architecture.wholeLayers.contains(kept[$0]) })
    family.write(sizes, into: &json)
    if let types = json["layer_types"]?.array, types.count == architecture.layers {
      json["layer_types"] = .array(kept.map { types[$0] })
    }
    if let limit = json["max_window_layers"]?.int {
      json["max_window_layers"] = .int(kept.filter { $0 < limit }.count)
    } else if json["layer_types"]?.array == nil, !architecture.wholeLayers.isEmpty {
      // What readers take where the key is missing counts the layers of the larger model.
      json["max_window_layers"] = .int(sizes.wholeLayers.count)
    }
    return Configuration(json: json, architecture: sizes, family: family)
  }

  /// The configuration as it is saved: with what other readers do not infer, and the type of the
  /// saved weights under the key that the file had.
  package func written(dtype: String) -> JSONObject {
    var json = json
    family.complete(&json, architecture)
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
