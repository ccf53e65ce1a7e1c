import Language
import Models
import Tensors

extension Session {
  /// activations.
  var activationFunctions: [BuiltinFunction] {
    [
      function(
        "activations", "model, ids=None, name=None",
        "What a model computes on the way: one activation by its name, or all names.",
        text: "activations(model) lists the names: embedding, norm (the final one), and in each "
          + "layer N layers.N.input, .attention_norm, .queries, .keys, .values, .heads, .attended, "
          + ".mlp_norm, .gate, .neurons, .output. activations(model, ids, name) is that value for "
          + "ids [batch, time]: [batch, time, width], heads, queries, keys and values [batch, time, heads, head_dim]. logits, loss "
          + "and generate take edit={name: function} to change one on the way: the function gets a "
          + "copy of the value and returns what takes its place, of the same shape, or None for "
          + "the copy as it left it.",
        example: "logits(model, ids, edit={\"layers.3.heads\": lambda x: x * 0})"
      ) { [unowned self] in try activations($0) }
    ]
  }

  private func activations(_ arguments: BoundArguments) throws -> Value {
    let model = try arguments.model("model")
    let (hasIDs, hasName) = (
      !arguments.value("ids").isNone, !arguments.value("name").isNone
    )
    guard hasIDs || hasName else { return .list(model.activationNames.map { .string($0) }) }
    guard hasIDs, hasName else {
      throw LanguageError(
        "activations needs both ids and a name: activations(model, ids, \"layers.0.heads\"); "
          + "activations(model) lists the names")
    }
    let place = try model.place(of: try arguments.string("name"))
    return .tensor(
      try model.activation(place, of: try idBatch(arguments.value("ids"), on: model.device)))
  }

  /// The model of an argument as it computes under the edits of `edit=`.
  func edited(_ model: Model, _ arguments: BoundArguments) throws -> Model {
    guard !arguments.value("edit").isNone else { return model }
    var edits: [ActivationPlace: ActivationEdit] = [:]
    for (key, function) in try arguments.dict("edit").entries {
      guard let name = key.asString, function.isCallable else {
        throw LanguageError(
          "edit takes a dict of functions by the names of activations, such as "
            + "{\"layers.3.heads\": f}")
      }
      edits[try model.place(of: name)] = { [interpreter] value in
        let result = try interpreter.call(function, Arguments([.tensor(value)]))
        switch result {
        case .none: return value
        case .object(let object as TensorObject): return object.tensor
        default:
          throw LanguageError(
            "the edit of '\(name)' must return a tensor of its shape or None, not "
              + result.typePhrase)
        }
      }
    }
    return try model.editing(edits)
  }
}

extension Model {
  /// The names of all activations, in the order of the pass.
  fileprivate var activationNames: [String] { Activation.names(layers: architecture.layers) }

  /// The place of an activation's name.
  fileprivate func place(of name: String) throws -> ActivationPlace {
    if let place = ActivationPlace(name, layers: architecture.layers) { return place }
    throw LanguageError(
      "\(self.name) has no activation '\(name)'\(didYouMean(name, activationNames)); "
        + "activations(model) lists them")
  }
}
