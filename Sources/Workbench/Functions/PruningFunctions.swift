import Compression
import Files
import Language
import Models

extension Session {
  /// mask, unmask, prune.
  var pruningFunctions: [BuiltinFunction] {
    [
      function(
        "mask",
        """
        model, importance=None, hidden=None, ffn=None, heads=None, layers=None, drop=None, \
        neurons=None, channels=None, depth=None
        """,
        "A view of a model with units switched off; it shares the weights.",
        text: "By hand: heads=[(layer, head)], neurons=[(layer, i)], channels=[i], layers=[i] name "
          + "the units to switch off. By rank, with importance: hidden=, ffn=, heads=, layers= say how "
          + "many stay, drop= and depth= which layers go, as in prune. Masks add up; unmask(m) takes the last one off.",
        example: "m = mask(model, heads=[(0, 3)])"
      ) { [unowned self] in .object(ModelObject(try masked($0))) },
      function(
        "unmask", "model, all=False", "The model under the last mask, or under all of them.",
        example: "unmask(m)"
      ) {
        .object(ModelObject(try unmask(try $0.model("model"), all: try $0.bool("all"))))
      },
      function(
        "prune",
        """
        model, importance=None, hidden=None, ffn=None, heads=None, layers=None, drop=None, \
        depth=None, residual=False, to=None, provenance=None
        """,
        "A smaller model, cut out of this one.",
        text: "Sizes say what stays: an int is a count, a float in (0, 1] a fraction. Units of the "
          + "highest importance stay, heads inside their key-value group; layers= drops the "
          + "contiguous block with the smallest sum of importance.layers, or by depth=, what "
          + "layer_importance gave for blocks of that length (or its numbers, saved and "
          + "loaded); drop=[i] drops exactly those. "
          + "residual=True adds what pruned heads leave to those that stay. prune(masked) cuts what "
          + "is masked. A folder's path in place of the model, with to=\"folder\", prunes from disk "
          + "to disk without loading the weights and returns the plan of what was cut. "
          + "provenance=student.provenance makes the cut again that led to a student.",
        example: "student = prune(model, scores, ffn=0.75, heads=6)"
      ) { [unowned self] in try pruned($0) },
    ]
  }

  private func pruned(_ arguments: BoundArguments) throws -> Value {
    let importance = try arguments.optionalImportance("importance")
    let request = try arguments.pruningRequest(["hidden", "ffn", "heads", "layers", "drop"])
    let residual = try arguments.bool("residual")
    if let given = arguments.value("model").asString {
      return try prunedFolder(given, request, importance, arguments)
    }
    let model = try arguments.model("model")
    try warnOfStaleScores(importance, model)
    guard arguments.value("to").isNone else {
      throw LanguageError(
        "to= goes with the path of a folder in place of the model; save(student, path) saves one")
    }
    let student: Model
    if arguments.value("provenance").isNone {
      student = try prune(
        model, request, by: importance,
        depth: try arguments.optionalDepth("depth", layers: model.architecture.layers),
        residual: residual)
    } else {
      let record = try arguments.object(
        "provenance", as: ProvenanceObject.self, expected: "a provenance, as model.provenance is")
      guard request.isEmpty, importance == nil, !residual, arguments.value("depth").isNone else {
        throw LanguageError("provenance= says all that is cut: it takes no sizes, no scores")
      }
      student = try prune(model, as: record.cut)
    }
    warn(widthWarnings(from: model.configuration, to: student.configuration))
    return .object(ModelObject(student))
  }

  private func prunedFolder(
    _ source: String, _ request: PruningRequest, _ importance: Importance?,
    _ arguments: BoundArguments
  ) throws -> Value {
    guard let target = try arguments.optionalString("to") else {
      throw LanguageError(
        "prune of a folder needs to=\"folder\", where to write; load(\"\(source)\") makes it a "
          + "model in memory")
    }
    guard arguments.value("provenance").isNone else {
      throw LanguageError("provenance= makes a cut of a model in memory: load(\"\(source)\") first")
    }
    guard kind(ofFile: path(source)) != .file else {
      throw FileError(
        path: source,
        reason: "is no checkpoint folder: load it and save() a folder, or prune the loaded model")
    }
    let plan = try Plan(Model.configuration(at: path(source)), request)
    let result = try reporting("prune", total: plan.after.parameters) { report in
      try prune(
        folder: path(source), to: path(target), request, by: importance,
        depth: try arguments.optionalDepth(
          "depth", layers: plan.before.architecture.layers),
        residual: try arguments.bool("residual")
      ) { done, _ in report.update(done) }
    }
    warn(result.warnings)
    return .object(PlanObject(result))
  }

  /// A list of heads or layers names units; a number is a size.
  private func masked(_ arguments: BoundArguments) throws -> Model {
    let model = try arguments.model("model")
    let areLayersNamed = arguments.value("layers").isSequence
    let units = try units(
      of: model, heads: try pairs("heads", arguments) ?? [],
      neurons: try pairs("neurons", arguments) ?? [],
      channels: try arguments.integers("channels") ?? [],
      layers: areLayersNamed ? try arguments.integers("layers") ?? [] : [])
    let sizes = ["heads", "layers"].filter { !arguments.value($0).isSequence }
    let request = try arguments.pruningRequest(["hidden", "ffn", "drop"] + sizes)
    let names = ["hidden", "ffn", "heads", "layers", "drop", "neurons", "channels"]
    guard names.contains(where: { !arguments.value($0).isNone }) else {
      throw LanguageError(
        "mask needs units to switch off (heads=[(layer, head)], neurons=, channels=, layers=) or "
          + "sizes with importance")
    }
    let importance = try arguments.optionalImportance("importance")
    try warnOfStaleScores(importance, model)
    return try mask(
      model, request, by: importance,
      depth: try arguments.optionalDepth("depth", layers: model.architecture.layers), units: units)
  }

  private func warnOfStaleScores(_ importance: Importance?, _ model: Model) throws {
    if let warning = try importance?.staleness(for: model) { warn([warning]) }
  }

  /// Pairs of ints in a list; nil for anything but a list.
  private func pairs(_ name: String, _ arguments: BoundArguments) throws -> [(Int, Int)]? {
    guard arguments.value(name).isSequence else {
      if name == "neurons", !arguments.value(name).isNone {
        throw arguments.mismatch(name, "a list of pairs (layer, neuron)")
      }
      return nil
    }
    return try arguments.list(name).map { pair in
      let numbers = pair.isSequence ? try pair.elements().compactMap { try $0.integer() } : []
      guard numbers.count == 2 else {
        throw LanguageError("\(name) takes pairs (layer, index), not \(pair.typePhrase)")
      }
      return (numbers[0], numbers[1])
    }
  }
}

extension BoundArguments {
  /// What the named arguments ask to keep or drop.
  func pruningRequest(_ names: [String]) throws -> PruningRequest {
    func size(_ name: String) throws -> Size? {
      names.contains(name) ? try self.size(name) : nil
    }
    return PruningRequest(
      hidden: try size("hidden"), ffn: try size("ffn"), heads: try size("heads"),
      layers: try size("layers"), drop: names.contains("drop") ? try integers("drop") : nil)
  }
}
