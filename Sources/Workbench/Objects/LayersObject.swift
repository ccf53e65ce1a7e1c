import Language
import Models

/// A model's layers in the language, a list of modules that shows as a tree.
final class LayersObject: HostObject {
  private let model: Model

  init(_ model: Model) { self.model = model }

  private var stem: String { model.configuration.names.layers }
  private var count: Int { model.architecture.layers }

  var typeName: String { "layers" }

  func representation() -> String {
    (["\(count) layers of \(model.name)"] + ModelTree(model, prefix: stem).lines)
      .joined(separator: "\n")
  }

  func length() -> Int? { count }

  func iterate() -> ValueIterator? { ValueIterator((0..<count).map(layer)) }

  /// A number gives a layer, a slice a list of them.
  func item(_ index: Value) throws -> Value {
    if case .slice(let slice) = index {
      let (start, step, count) = try slice.resolved(length: count)
      return .list((0..<count).map { layer(start + $0 * step) })
    }
    guard let number = try index.integer() else {
      throw LanguageError("layers are numbered by ints, not \(index.typePhrase)")
    }
    let place = number < 0 ? number + count : number
    guard (0..<count).contains(place) else {
      throw LanguageError("layer \(number) is outside the model's \(count) layers")
    }
    return layer(place)
  }

  private func layer(_ index: Int) -> Value {
    .object(ModuleObject(model, prefix: "\(stem).\(index)"))
  }
}

/// All modules of a model, as text.
final class ModelTreeObject: HostObject {
  private let model: Model

  init(_ model: Model) { self.model = model }

  var typeName: String { "tree" }

  func representation() -> String {
    let family = model.configuration.json["model_type"]?.string ?? "model"
    let head = "\(model.name): \(family), \(model.parameters.grouped) parameters"
    return ([head] + ModelTree(model).lines).joined(separator: "\n")
  }
}
