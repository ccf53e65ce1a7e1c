import Compression
import Corpus
import Evaluation
import Kernels
import Language
import Tensors

/// Windows of token ids in the language.
final class TokensObject: HostObject {
  let windows: TokenWindows
  private let device: any Device

  init(_ windows: TokenWindows, on device: any Device) {
    self.windows = windows
    self.device = device
  }

  var typeName: String { "tokens" }
  var attributeNames: [String] { ["shape", "learnt", "list"] }

  func representation() -> String { "tokens [\(windows.count), \(windows.length)]" }

  func length() -> Int? { windows.count }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "shape": return .list([.int(windows.count), .int(windows.length)])
    case "learnt":
      let learnt = windows.learnt ?? [Bool](repeating: true, count: windows.ids.count)
      return .tensor(try Tensor(learnt, shape: [windows.count, windows.length], on: device))
    case "list": return method("list", "") { [self] _ in try tensor().listValue() }
    default: return nil
    }
  }

  func item(_ index: Value) throws -> Value {
    .tensor(try tensor().indexed(try axisIndices(index)))
  }

  func iterate() throws -> ValueIterator? { try TensorObject(try tensor()).iterate() }

  /// The ids, i64 [windows, length].
  func tensor() throws -> Tensor {
    try Tensor(
      windows.ids.map { Int64($0) }, shape: [windows.count, windows.length], on: device)
  }
}

/// A loss in the language.
final class LossObject: HostObject {
  private let loss: LossSummary

  init(_ loss: LossSummary) { self.loss = loss }

  var typeName: String { "loss" }
  var attributeNames: [String] { ["mean", "stderr", "tokens"] }

  func representation() -> String {
    let error = loss.stderr.isNaN ? "" : " ± " + loss.stderr.digits(4)
    return "loss \(loss.mean.digits(4))\(error) nats over \(loss.tokens.grouped) tokens"
  }

  func attribute(_ name: String) -> Value? {
    switch name {
    case "mean": .float(loss.mean)
    case "stderr": .float(loss.stderr)
    case "tokens": .int(loss.tokens)
    default: nil
    }
  }
}

/// Importance scores in the language.
final class ImportanceObject: HostObject {
  let importance: Importance
  private let device: any Device

  init(_ importance: Importance, on device: any Device) {
    self.importance = importance
    self.device = device
  }

  var typeName: String { "importance" }
  var attributeNames: [String] { ImportanceAxis.allCases.map(\.rawValue) + ["scores", "windows"] }

  func representation() -> String {
    let sizes = importance.architecture
    return "importance of \(importance.modelName) on \(importance.windows) windows of "
      + "\(importance.length) tokens: heads [\(sizes.layers), \(sizes.heads)], neurons "
      + "[\(sizes.layers), \(sizes.ffn)], channels [\(sizes.hidden)], layers [\(sizes.layers)]"
  }

  func attribute(_ name: String) throws -> Value? {
    if let axis = ImportanceAxis(rawValue: name) { return try tensor(importance.scores(axis)) }
    switch name {
    case "windows": return .int(importance.windows)
    case "scores":
      return method("scores", "axis, batch='l2', sequence='mean', neurons='post'") { [self] in
        try scores($0)
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

  private func tensor(_ scores: Scores) throws -> Value {
    .tensor(try Tensor(scores.values.map { Float($0) }, shape: scores.shape, on: device))
  }
}
