import Compression
import Kernels
import Language
import Tensors

/// Importance scores in the language.
final class ImportanceObject: DescribedObject {
  let importance: Importance
  private let device: any Device

  init(_ importance: Importance, on device: any Device) {
    self.importance = importance
    self.device = device
  }

  var typeName: String { "importance" }
  static let attributeTexts: KeyValuePairs = [
    "heads":
      "Scores of the heads, [layers, heads]: l2 over the windows of the mean over positions.",
    "neurons": "Scores of the neurons after the activation, [layers, ffn].",
    "channels": "Scores of the channels of the residual stream, [hidden].",
    "layers":
      "Scores of the layers, [layers]: 1 minus the mean cosine across each (block influence).",
    "scores": "The scores of an axis under other aggregations, without another pass.",
    "stability": "How stable the ranking of an axis is under resampled windows: .tau and .overlap.",
    "windows": "How many windows of text were measured.",
    "identity": "The fingerprint of the weights that were measured, None in old files.",
  ]

  func representation() -> String {
    let sizes = importance.architecture
    return "importance of \(importance.modelName) on \(counted(importance.windows, "window")) of "
      + "\(counted(importance.length, "token")): heads [\(sizes.layers), \(sizes.heads)], neurons "
      + "[\(sizes.layers), \(sizes.ffn)], channels [\(sizes.hidden)], layers [\(sizes.layers)]"
  }

  func attribute(_ name: String) throws -> Value? {
    if let axis = ImportanceAxis(rawValue: name) { return try tensor(importance.scores(axis)) }
    switch name {
    case "windows": return .int(importance.windows)
    case "identity": return importance.identity.map { .string($0.fingerprint) } ?? Value.none
    case "scores":
      return method("scores", "axis, batch='l2', sequence='mean', neurons='post'") { [self] in
        try scores($0)
      }
    case "stability":
      return method("stability", "axis, k=0.5, resamples=200, seed=None") {
        [self] arguments, interpreter in try stability(arguments, interpreter)
      }
    default: return nil
    }
  }

  private func scores(_ arguments: BoundArguments) throws -> Value {
    let axis: ImportanceAxis = try arguments.choice("axis")
    if axis == .layers, ["batch", "sequence", "neurons"].contains(where: arguments.isGiven) {
      throw LanguageError("the scores of layers take no aggregation")
    }
    return try tensor(
      importance.scores(
        axis, batch: try arguments.choice("batch"), sequence: try arguments.choice("sequence"),
        neurons: try arguments.choice("neurons")))
  }

  private func stability(
    _ arguments: BoundArguments, _ interpreter: Interpreter
  ) throws -> Value {
    let seed = try arguments.optionalInt("seed") ?? (interpreter.host as? Session)?.seed ?? 0
    guard let k = try arguments.size("k") else {
      throw arguments.mismatch("k", "an int (a count) or a float (a fraction)")
    }
    return .object(
      StabilityObject(
        try importance.stability(
          try arguments.choice("axis"), k: k, resamples: try arguments.int("resamples"), seed: seed)
      ))
  }

  private func tensor(_ scores: Scores) throws -> Value {
    .tensor(try Tensor(scores.values.map { Float($0) }, shape: scores.shape, on: device))
  }
}
