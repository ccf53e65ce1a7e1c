import Tensors

/// An activation of one layer, or one that stands outside the layers.
public struct ActivationPlace: Sendable, Hashable {
  /// Which.
  public let activation: Activation
  /// Its layer; nil for one that is not in a layer.
  public let layer: Int?

  /// A place.
  public init(_ activation: Activation, layer: Int?) {
    self.activation = activation
    self.layer = layer
  }

  /// The place of a full name such as `layers.3.heads`; nil where a model of so many layers has
  /// none.
  public init?(_ name: String, layers: Int) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 1, let activation = Activation(rawValue: name), !activation.isPerLayer {
      self.init(activation, layer: nil)
    } else if parts.count == 3, parts[0] == "layers", let layer = Int(parts[1]),
      (0..<layers).contains(layer), let activation = Activation(rawValue: String(parts[2])),
      activation.isPerLayer, activation.name(layer: layer) == name
    {
      self.init(activation, layer: layer)
    } else {
      return nil
    }
  }

  /// The full name.
  public var name: String { activation.name(layer: layer) }
}

/// What replaces an activation on its way through a model: given a copy of its value, it returns a
/// tensor of the same shape.
public typealias ActivationEdit = (Tensor) throws -> Tensor

extension Model {
  /// A view of this model in which some activations are replaced as a pass comes to them; it shares
  /// the weights, and masks of it keep the edits; copies and models moved elsewhere have none.
  /// Edits of one place run in the order in which the views were made.
  /// - Throws: `ModelError.invalid` for a place in a layer that is switched off.
  public func editing(_ edits: [ActivationPlace: ActivationEdit]) throws -> Model {
    for place in edits.keys { try requireComputed(place) }
    let all = self.edits.merging(edits) { first, second in { try second(first($0)) } }
    return Model(viewing: self, edits: all)
  }

  /// One activation of a pass.
  ///
  /// Shape: ids i64 [batch, time]; result [batch, time, ...] as `Activation` says.
  /// - Throws: `ModelError.ids`; `ModelError.invalid` for a place in a layer that is switched off;
  ///   what the device throws.
  public func activation(_ place: ActivationPlace, of ids: Tensor) throws -> Tensor {
    try requireComputed(place)
    var found: Tensor?
    _ = try hidden(TokenIDs(ids, for: self)) { activation, layer, value in
      if activation == place.activation, layer == place.layer { found = value }
    }
    guard let found else {
      throw ModelError.invalid("a \(configuration.family.modelType) model has no '\(place.name)'")
    }
    return try found.copy()
  }

  private func requireComputed(_ place: ActivationPlace) throws {
    guard let layer = place.layer, mask?.layers.contains(layer) == true else { return }
    throw ModelError.invalid(
      "'\(place.name)' is not computed: layer \(layer) of \(name) is switched off; unmask(model) "
        + "is the model with it")
  }

  /// A value after the edits of its place.
  func edited(_ activation: Activation, _ value: Tensor, layer: Int?) throws -> Tensor {
    let place = ActivationPlace(activation, layer: layer)
    guard let edit = edits[place] else { return value }
    let result = try edit(value.copy())
    guard result.shape == value.shape, result.type == value.type else {
      throw ModelError.invalid(
        "the edit of '\(place.name)' gives \(result.type.name) \(result.shape), not "
          + "\(value.type.name) \(value.shape)")
    }
    guard result.device === value.device else {
      throw ModelError.invalid(
        "the edit of '\(place.name)' gives a tensor on \(result.device.name), not on "
          + "\(value.device.name)")
    }
    return result
  }
}
