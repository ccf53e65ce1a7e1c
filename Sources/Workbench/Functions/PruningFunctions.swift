import Compression
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
        neurons=None, channels=None
        """,
        "A view of a model with units switched off; it shares the weights.",
        text: "By hand: heads=[(layer, head)], neurons=[(layer, i)], channels=[i], layers=[i] name "
          + "the units to switch off. By rank: hidden=, ffn=, heads=, layers= say how many stay, as "
          + "in prune. Masks add up; unmask(m) takes the last one off.",
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
        residual=False
        """,
        "A smaller model, cut out of this one.",
        text: "Sizes say what stays: an int is a count, a float in (0, 1] a fraction. Units of the "
          + "highest importance stay, heads inside their key-value group; layers= drops the "
          + "contiguous block with the smallest sum of importance.layers, drop=[i] exactly those. "
          + "residual=True adds what pruned heads leave to those that stay. prune(masked) cuts what "
          + "is masked.",
        example: "student = prune(model, scores, ffn=0.75, heads=6)"
      ) { arguments in
        .object(
          ModelObject(
            try prune(
              try arguments.model("model"), try Self.request(arguments),
              by: try arguments.optionalImportance("importance"),
              residual: try arguments.bool("residual"))))
      },
    ]
  }

  private static func request(_ arguments: BoundArguments) throws -> PruningRequest {
    PruningRequest(
      hidden: try arguments.size("hidden"), ffn: try arguments.size("ffn"),
      heads: try arguments.size("heads"), layers: try arguments.size("layers"),
      drop: try arguments.integers("drop"))
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
    let request = PruningRequest(
      hidden: try arguments.size("hidden"), ffn: try arguments.size("ffn"),
      heads: arguments.value("heads").isSequence ? nil : try arguments.size("heads"),
      layers: areLayersNamed ? nil : try arguments.size("layers"),
      drop: try arguments.integers("drop"))
    let names = ["hidden", "ffn", "heads", "layers", "drop", "neurons", "channels"]
    guard names.contains(where: { !arguments.value($0).isNone }) else {
      throw LanguageError(
        "mask needs units to switch off (heads=[(layer, head)], neurons=, channels=, layers=) or "
          + "sizes with importance")
    }
    return try mask(
      model, request, by: try arguments.optionalImportance("importance"), units: units)
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
