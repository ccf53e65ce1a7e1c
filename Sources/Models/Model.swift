import Checkpoints
import JSONFormat
import Kernels
import Tensors
import Tokenizers

/// A decoder-only transformer with its weights on a device.
public final class Model {
  /// What the model is called: its folder's or file's name, or how it was made.
  public var name: String
  /// Its `config.json`.
  public let configuration: Configuration
  /// The weights; views of this model share them.
  public let weights: Weights
  /// The tokenizer, or why there is none.
  public let text: TextSupport
  /// The type in which `save` stores the weights: the checkpoint's own, f32 where it was quantized.
  public package(set) var storedType: StoredType
  /// The device of the weights.
  public let device: any Device
  /// Whether training keeps no activations inside layers and computes them again for the gradients.
  package var recomputesLayers = false
  /// The model that this one is a masked view of.
  public let unmasked: Model?
  /// What is switched off, nil in a model that is no view.
  public let mask: Mask?
  let factors: MaskFactors?
  /// What replaces activations in every pass of this view.
  let edits: [ActivationPlace: ActivationEdit]
  /// The cuts that led to this model, nil where it was never pruned.
  public package(set) var provenance: Provenance?
  private var rotaryTables: RotaryTables?

  package init(
    name: String, configuration: Configuration, weights: Weights, text: TextSupport,
    storedType: StoredType, device: any Device
  ) {
    self.name = name
    self.configuration = configuration
    self.weights = weights
    self.text = text
    self.storedType = storedType
    self.device = device
    unmasked = nil
    mask = nil
    factors = nil
    edits = [:]
  }

  /// A view of `model` with more units switched off than it had.
  /// - Throws: what the device throws.
  package convenience init(masking model: Model, with mask: Mask) throws {
    let mask = model.mask?.union(mask) ?? mask
    let factors = try MaskFactors(mask, model.architecture, on: model.device)
    self.init(viewing: model, unmasked: model, mask: mask, factors, edits: model.edits)
  }

  /// A view of `model` with other edits.
  convenience init(viewing model: Model, edits: [ActivationPlace: ActivationEdit]) {
    self.init(
      viewing: model, unmasked: model.unmasked, mask: model.mask, model.factors, edits: edits)
  }

  private init(
    viewing model: Model, unmasked: Model?, mask: Mask?, _ factors: MaskFactors?,
    edits: [ActivationPlace: ActivationEdit]
  ) {
    name = model.name
    configuration = model.configuration
    weights = model.weights
    text = model.text
    storedType = model.storedType
    device = model.device
    provenance = model.provenance
    self.unmasked = unmasked
    self.mask = mask
    self.factors = factors
    self.edits = edits
  }

  /// A model of the same weights in memory of its own, without any mask.
  /// - Throws: `ModelError.invalid` where the device lacks the memory; `KernelError.outOfMemory`.
  package func copy() throws -> Model {
    try device.requireMemory(for: configuration, of: "a copy of \(name)")
    let pairs = try weights.names.map { (name: $0, tensor: try weight($0).copy()) }
    return twin(name: name + "-copy", weights: Weights(pairs), on: device)
  }

  /// A model of other weights that is the same in everything else.
  private func twin(name: String, weights: Weights, on device: any Device) -> Model {
    let twin = Model(
      name: name, configuration: configuration, weights: weights, text: text,
      storedType: storedType, device: device)
    twin.provenance = provenance
    return twin
  }

  /// The same model with its weights on another device, under the same masks.
  /// - Throws: `ModelError.invalid` where that lacks the memory, before any weight is copied;
  ///   `Interrupted`.
  public func moved(to other: any Device) throws -> Model {
    if other === device { return self }
    if let unmasked, let mask { return try Model(masking: unmasked.moved(to: other), with: mask) }
    try other.requireMemory(for: configuration, of: name)
    let pairs = try weights.names.map { (name: $0, tensor: try weight($0).moved(to: other)) }
    return twin(name: name, weights: Weights(pairs), on: other)
  }

  /// Lets go of all weights that the device can read from their file again.
  package func unload() { device.unload(weights.all.map(\.region.buffer)) }

  /// The sizes and constants.
  public var architecture: Architecture { configuration.architecture }

  /// The number of parameters, a tied head counted once.
  public var parameters: Int { configuration.parameters }

  /// The matrix that makes logits of hidden states, [vocab, hidden].
  package var head: Tensor {
    get throws {
      let names = configuration.names
      return try weight(architecture.isTied ? names.embedding : names.head)
    }
  }

  func weight(_ name: String) throws -> Tensor {
    guard let tensor = try weights.tensor(name) else {
      throw ModelError.weights("\(self.name) has no weight '\(name)'")
    }
    return tensor
  }

  /// The rotary tables for at least `positions` positions, kept from call to call; nil for a model
  /// whose positions are learned.
  func rotaryTables(positions: Int) throws -> RotaryTables? {
    if let rotaryTables, rotaryTables.positions >= positions { return rotaryTables }
    guard let rope = architecture.rope else { return nil }
    let tables = try RotaryTables(
      rope, headDim: architecture.headDim, positions: positions, on: device)
    rotaryTables = tables
    return tables
  }

  /// Refuses what a masked view cannot do.
  package func requireUnmasked(for work: String) throws {
    if mask != nil {
      throw ModelError.invalid(
        "\(work) does not take a masked model: prune(model) cuts what is masked, unmask(model) is "
          + "the model without the mask")
    }
  }
}

/// The tokenizer of a model and the files it is saved with, or the reason why there is none.
public struct TextSupport: Sendable {
  /// The tokenizer, nil where the model has none that can be read.
  public let tokenizer: Tokenizer?
  /// Why there is no tokenizer, a clause.
  public let problem: String?
  /// Files to save beside the weights, by name.
  package let files: [(name: String, content: [UInt8])]

  package init(
    tokenizer: Tokenizer?, problem: String? = nil, files: [(name: String, content: [UInt8])] = []
  ) {
    self.tokenizer = tokenizer
    self.problem = problem
    self.files = files
  }

  /// The tokenizer.
  /// - Throws: `ModelError` with the reason why there is none.
  public func required() throws -> Tokenizer {
    if let tokenizer { return tokenizer }
    throw ModelError.invalid(
      "this model takes ids alone: \(problem ?? "its folder holds no tokenizer.json")")
  }
}
