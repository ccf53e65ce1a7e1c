import JSONFormat
import Language
import Models
import Tensors

extension SessionWriter {
  /// What is kept of an object of the workbench.
  /// - Throws: `CannotKeep` for those that have no form.
  mutating func node(_ object: any HostObject, depth: Int) throws -> JSON {
    switch object {
    case let object as TensorObject:
      return try node("tensor", ("elements", store(object.tensor)))
    case let object as TokensObject:
      var learnt = JSON.null
      if let marks = object.windows.learnt {
        let shape = [object.windows.count, object.windows.length]
        learnt = try store(Tensor(marks, shape: shape, on: object.device))
      }
      return try node("tokens", ("ids", store(object.tensor())), ("learnt", learnt))
    case let object as ImportanceObject: return try node("importance", ("file", store(object)))
    case let object as TableObject:
      let rows = try object.rows.map { try references($0, depth: depth) }
      return try node(
        "table", ("columns", .array(object.columns.map { .string($0) })), ("rows", .array(rows)))
    case let object as LossObject:
      return try node(
        "loss", ("mean", .double(object.loss.mean)), ("stderr", .double(object.loss.stderr)),
        ("tokens", .int(object.loss.tokens)))
    case let object as ProvenanceObject:
      return try node("provenance", ("cuts", object.provenance.json))
    case let object as RunObject:
      if let folder = object.folder { return try node("run", ("path", .string(folder))) }
      let student = try object.attribute("model") ?? .none
      return try node(
        "run", ("record", object.run.json), ("model", reference(student, depth: depth + 1)))
    case let object as TokenizerObject:
      throw CannotKeep(reason: "\(object.representation()) belongs to its model: keep that")
    default:
      throw CannotKeep(reason: "\(Value.object(object).typePhrase) has no form in a file")
    }
  }
}

extension Mask {
  /// The units switched off, for a file.
  var json: JSON {
    func list(_ units: Set<Int>) -> JSON { .array(units.sorted().map { .int($0) }) }
    return [
      "heads": .array(heads.map(list)), "neurons": .array(neurons.map(list)),
      "channels": list(channels), "layers": list(layers),
    ]
  }

  /// What `json` gave for a model of these sizes; nil for anything else.
  init?(_ json: JSON, of sizes: Architecture) {
    func units(_ json: JSON?, below count: Int) -> Set<Int>? {
      guard let array = json?.array else { return nil }
      let units = array.compactMap(\.int).filter { (0..<count).contains($0) }
      return units.count == array.count ? Set(units) : nil
    }
    func lists(_ key: String, below count: Int) -> [Set<Int>]? {
      guard let array = json[key]?.array, array.count == sizes.layers else { return nil }
      let lists = array.compactMap { units($0, below: count) }
      return lists.count == array.count ? lists : nil
    }
    guard let heads = lists("heads", below: sizes.heads),
      let neurons = lists("neurons", below: sizes.ffn),
      let channels = units(json["channels"], below: sizes.hidden), channels.count < sizes.hidden,
      let layers = units(json["layers"], below: sizes.layers), layers.count < sizes.layers
    else { return nil }
    self.init(layers: sizes.layers)
    self.heads = heads
    self.neurons = neurons
    self.channels = channels
    self.layers = layers
  }
}
