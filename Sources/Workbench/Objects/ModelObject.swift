import Kernels
import Language
import Models
import Tensors
import Tokenizers

/// A model in the language.
final class ModelObject: DescribedObject {
  let model: Model

  init(_ model: Model) { self.model = model }

  var typeName: String { "model" }

  func representation() throws -> String { model.summary }

  static let attributeTexts: KeyValuePairs = [
    "name": "What the model is called; it can be set.",
    "hidden": "The width of the residual stream.",
    "heads": "The query heads of a layer.",
    "kv_heads": "The key-value heads of a layer, the groups that heads share.",
    "head_dim": "The width of a head.",
    "ffn": "The neurons of a layer's MLP.",
    "vocab": "How many token ids there are.",
    "parameters": "How many weights there are, a tied head counted once.",
    "config": "The config.json as a dict.",
    "tokenizer": "The tokenizer: .encode(text) and .decode(ids).",
    "layers": "The layers as a list; model.layers[0].mlp.up_proj.weight is a live tensor.",
    "tree": "The modules with their shapes, as text.",
    "weights": "The live weights by their names in the checkpoint; assigning edits the model.",
    "provenance": "The cuts that led to this model, None where it was never pruned.",
    "device": "The device of the weights.",
    "to": "The same model on another device.",
  ]

  func attribute(_ name: String) throws -> Value? {
    let sizes = model.architecture
    switch name {
    case "name": return .string(model.name)
    case "hidden": return .int(sizes.hidden)
    case "heads": return .int(sizes.heads)
    case "kv_heads": return .int(sizes.kvHeads)
    case "head_dim": return .int(sizes.headDim)
    case "ffn": return .int(sizes.ffn)
    case "vocab": return .int(sizes.vocab)
    case "parameters": return .int(model.parameters)
    case "config": return try Value(json: .object(model.configuration.json))
    case "tokenizer": return .object(TokenizerObject(try model.text.required()))
    case "layers":
      return .object(LayersObject(model))
    case "tree": return .object(ModelTreeObject(model))
    case "weights": return .object(WeightsObject(model))
    case "provenance":
      return model.provenance.flatMap(ProvenanceObject.init).map { .object($0) } ?? .some(.none)
    case "device": return .string(model.device.name)
    case "to":
      return method("to", "device") { [self] arguments, interpreter in
        let device = try interpreter.device(named: try arguments.string("device"))
        return .object(device === model.device ? self : ModelObject(try model.moved(to: device)))
      }
    default: return nil
    }
  }

  func setAttribute(_ name: String, to value: Value) throws {
    guard name == "name", let text = value.asString else {
      throw LanguageError(
        "of a model's attributes only 'name' can be set, to a string; weights are edited through "
          + ".weights")
    }
    model.name = text
  }
}

extension Model {
  /// One line: name, family, sizes.
  var summary: String {
    let sizes = architecture
    let family = configuration.json["model_type"]?.string ?? "model"
    var parts = [
      counted(sizes.layers, "layer"), "hidden \(sizes.hidden)",
      "\(counted(sizes.heads, "head")) of \(sizes.headDim) in \(counted(sizes.kvHeads, "group"))",
      "ffn \(sizes.ffn)",
      "vocab \(sizes.vocab)" + (sizes.isTied ? " (tied)" : ""),
    ]
    if let cut = provenance?.cuts.last { parts.append("cut from \(cut.teacher.name)") }
    return "\(label): \(family), \(parameters.grouped) parameters; " + parts.joined(separator: ", ")
  }
}

/// A model's tokenizer in the language.
final class TokenizerObject: DescribedObject {
  private let tokenizer: Tokenizer

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  var typeName: String { "tokenizer" }
  static let attributeTexts: KeyValuePairs = [
    "encode":
      "The ids of a text; special adds what the post-processor adds, such as a first token.",
    "decode": "The text of a list of ids, added tokens kept.",
  ]

  func representation() -> String { "tokenizer of \(tokenizer.vocabularySize) ids" }

  func attribute(_ name: String) throws -> Value? {
    let tokenizer = tokenizer
    switch name {
    case "encode":
      return method("encode", "text, special=True") { arguments in
        let ids = try tokenizer.encode(
          try arguments.string("text"), special: try arguments.bool("special"),
          poll: Interrupt.check)
        return .list(ids.map { .int($0) })
      }
    case "decode":
      return method("decode", "ids") { arguments in
        .string(try tokenizer.decode(try ids(arguments.value("ids"))))
      }
    default: return nil
    }
  }
}

/// A model's weights by name, in the language; the tensors are live.
final class WeightsObject: DescribedObject {
  private let model: Model

  init(_ model: Model) { self.model = model }

  var typeName: String { "weights" }
  var itemNames: [String] { model.weights.names }
  static let attributeTexts: KeyValuePairs = [
    "keys": "The names of the weights."
  ]

  func representation() -> String {
    "weights of \(model.name): \(counted(model.weights.names.count, "tensor"))"
  }

  func length() -> Int? { model.weights.names.count }

  func iterate() -> ValueIterator? { ValueIterator(model.weights.names.map { .string($0) }) }

  func contains(_ value: Value) -> Bool? {
    value.asString.map { model.weights[$0] != nil } ?? false
  }

  func attribute(_ name: String) throws -> Value? {
    guard name == "keys" else { return nil }
    let names = model.weights.names
    return method("keys", "") { _ in .list(names.map { .string($0) }) }
  }

  func item(_ index: Value) throws -> Value { .tensor(try tensor(index)) }

  func setItem(_ index: Value, to value: Value) throws {
    try tensor(index).replace(by: value)
  }

  private func tensor(_ index: Value) throws -> Tensor {
    guard let name = index.asString else {
      throw LanguageError("weights are named by strings, not \(index.typePhrase)")
    }
    guard let tensor = model.weights[name] else {
      throw LanguageError(
        "\(model.name) has no weight '\(name)'\(didYouMean(name, model.weights.names))")
    }
    return tensor
  }
}

/// A part of a model, by the first components of its weights' names: `model.layers[0].mlp`.
final class ModuleObject: HostObject {
  private let model: Model
  private let prefix: String

  init(_ model: Model, prefix: String) {
    self.model = model
    self.prefix = prefix
  }

  var typeName: String { "module" }

  func representation() -> String {
    (["\(prefix) of \(model.name)"] + ModelTree(model, prefix: prefix).lines)
      .joined(separator: "\n")
  }

  /// The components that follow the prefix.
  var attributeNames: [String] {
    var names: [String] = []
    for name in model.weights.names where name.hasPrefix(prefix + ".") {
      let next = name.dropFirst(prefix.count + 1).prefix { $0 != "." }
      if names.last != String(next) { names.append(String(next)) }
    }
    return names
  }

  func attribute(_ name: String) throws -> Value? {
    guard attributeNames.contains(name) else { return nil }
    let path = prefix + "." + name
    if let tensor = model.weights[path] { return .tensor(tensor) }
    return .object(ModuleObject(model, prefix: path))
  }

  func setAttribute(_ name: String, to value: Value) throws {
    guard let tensor = model.weights[prefix + "." + name] else {
      throw LanguageError(
        "\(prefix) has no weight '\(name)'\(didYouMean(name, attributeNames))")
    }
    try tensor.replace(by: value)
  }
}

extension Tensor {
  /// Overwrites a live weight by a tensor of its own shape, or by one number.
  fileprivate func replace(by value: Value) throws {
    guard let new = try Tensor.operand(value, on: device) else {
      throw LanguageError("a weight is set to a tensor or a number, not \(value.typePhrase)")
    }
    guard new.shape == shape || new.rank == 0 else {
      throw LanguageError("the weight has shape \(shape), the new value \(new.shape)")
    }
    try assign(new)
  }
}
