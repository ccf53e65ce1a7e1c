import Compression
import Corpus
import Evaluation
import Kernels
import Language
import Tensors

/// Windows of token ids in the language.
final class TokensObject: DescribedObject {
  let windows: TokenWindows
  let device: any Device

  init(_ windows: TokenWindows, on device: any Device) {
    self.windows = windows
    self.device = device
  }

  var typeName: String { "tokens" }
  static let attributeTexts: KeyValuePairs = [
    "shape": "[windows, length].",
    "learnt": "Which positions a training learns, bool [windows, length].",
    "list": "The ids as nested lists.",
  ]

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

  /// A slice is windows still; any other index is what the tensor of ids gives.
  func item(_ index: Value) throws -> Value {
    guard case .slice(let slice) = index else {
      let tensor = try tensor()
      return .tensor(try tensor.indexed(try axisIndices(index, of: tensor)))
    }
    let (start, step, count) = try slice.resolved(length: windows.count)
    guard count > 0 else {
      throw LanguageError("the slice holds none of the \(windows.count) windows")
    }
    return .object(
      TokensObject(windows.selecting((0..<count).map { start + $0 * step }), on: device))
  }

  func iterate() throws -> ValueIterator? { try TensorObject(try tensor()).iterate() }

  /// The ids, i64 [windows, length].
  func tensor() throws -> Tensor {
    try Tensor(
      windows.ids.map { Int64($0) }, shape: [windows.count, windows.length], on: device)
  }
}

/// A loss in the language.
final class LossObject: DescribedObject {
  let loss: LossSummary

  init(_ loss: LossSummary) { self.loss = loss }

  var typeName: String { "loss" }
  static let attributeTexts: KeyValuePairs = [
    "mean": "The mean over all scored positions, in nats a token.",
    "stderr": "The standard deviation of the window means over the root of their number.",
    "tokens": "How many positions were scored.",
  ]

  func representation() -> String {
    let error = loss.stderr.isNaN ? "" : " ± " + loss.stderr.readable
    return "loss \(loss.mean.readable)\(error) nats over \(counted(loss.tokens, "token"))"
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
