import Files
import JSONFormat
import Tensors

/// What tells one model's weights from another's: results keep it, so that they are not used for a
/// model that they are not of.
///
/// The fingerprint is a hash (FNV-1a, 64 bits) of the family, the sizes, and 64 elements of every
/// weight in f32, spread evenly over it, the first and the last among them. It costs little at any
/// size, is the same on every device, and outlives saving in the checkpoint's own type. An edit of
/// elements between the sampled ones does not change it.
public struct ModelIdentity: Sendable {
  /// What the model was called; for messages alone.
  public let name: String
  /// The hash, 16 hexadecimal digits.
  public let fingerprint: String

  /// An identity that was kept.
  public init(name: String, fingerprint: String) {
    self.name = name
    self.fingerprint = fingerprint
  }

  /// The identity of a model; of the model under it for a masked view.
  /// - Throws: what the device throws.
  package init(of model: Model) throws {
    self.init(name: model.name, model.configuration, try model.sampledElements())
  }

  /// The identity of a model on disk: what it has once it is loaded.
  /// - Throws: `CheckpointError`.
  package init(of model: StoredModel) throws {
    self.init(
      name: model.name, model.configuration,
      try model.sampledElements(of: model.configuration))
  }

  private init(name: String, _ configuration: Configuration, _ samples: [Float]) {
    var hash = Checksum(configuration.identifyingText.utf8)
    for value in samples { hash.add(value.bitPattern) }
    self.init(name: name, fingerprint: hash.hexadecimal)
  }

  /// How many elements of each weight are sampled.
  static let samples = 64

  /// The places of the sampled elements of a weight, in rising order; repeats where it is smaller.
  static func places(in count: Int) -> [Int] {
    // Quotient and remainder apart: the product alone could pass 64 bits in a damaged file.
    let (step, rest) = (count - 1).quotientAndRemainder(dividingBy: samples - 1)
    return (0..<samples).map { $0 * step + $0 * rest / (samples - 1) }
  }
}

extension ModelIdentity: Equatable {
  /// Whether both are of the same weights, whatever the models are called.
  public static func == (left: ModelIdentity, right: ModelIdentity) -> Bool {
    left.fingerprint == right.fingerprint
  }
}

extension ModelIdentity {
  /// The identity as files keep it.
  public var json: JSON { ["name": .string(name), "fingerprint": .string(fingerprint)] }

  /// What `json` gave; nil for anything else.
  public init?(_ json: JSON) {
    guard let name = json["name"]?.string, let fingerprint = json["fingerprint"]?.string else {
      return nil
    }
    self.init(name: name, fingerprint: fingerprint)
  }
}

extension Configuration {
  /// What the configurations of two different models may differ in, in one line.
  fileprivate var identifyingText: String {
    let sizes = architecture
    let numbers = [
      sizes.layers, sizes.hidden, sizes.heads, sizes.kvHeads, sizes.headDim, sizes.ffn, sizes.vocab,
    ]
    let constants = [
      "eps \(sizes.normEpsilon)",
      sizes.rope.map { "rope \($0.theta) \($0.fraction) \($0.scaling)" } ?? "",
      sizes.window.map { "window \($0) but \(sizes.wholeLayers.sorted())" } ?? "",
    ]
    return "\(family.modelType) \(numbers.map(String.init).joined(separator: " "))"
      + (sizes.isTied ? " tied" : "") + constants.joined(separator: ", ")
  }
}

extension Model {
  /// The sampled elements of all weights: gathered on the device and copied to the host at once, or
  /// read from the file where the weights stay there.
  fileprivate func sampledElements() throws -> [Float] {
    if let stream = weights.stream {
      return try stream.source.sampledElements(of: configuration)
    }
    var places: [Int: Tensor] = [:]
    let samples = try configuration.weightShapes.map { shape in
      let weight = try weight(shape.name).detached()
      let indices = try places[weight.count] ?? ModelIdentity.places(of: weight)
      places[weight.count] = indices
      return try weight.reshaped([weight.count, 1]).rows(unchecked: indices)
    }
    return try Tensor.concatenated(samples).floats()
  }
}

extension ModelIdentity {
  fileprivate static func places(of weight: Tensor) throws -> Tensor {
    try Tensor(places(in: weight.count).map(Int64.init), shape: [samples], on: weight.device)
  }
}
