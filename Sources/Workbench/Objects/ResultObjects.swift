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
  var attributeNames: [String] { ["shape", "list"] }

  func representation() -> String { "tokens [\(windows.count), \(windows.length)]" }

  func length() -> Int? { windows.count }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "shape": return .list([.int(windows.count), .int(windows.length)])
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

/// The record of a training run in the language.
final class RunObject: HostObject {
  let run: Run
  private let device: any Device

  init(_ run: Run, on device: any Device) {
    self.run = run
    self.device = device
  }

  var typeName: String { "run" }

  var attributeNames: [String] {
    ["loss", "lr", "held_out", "tokens", "seconds", "tokens_per_second", "config"]
  }

  func representation() -> String {
    var text = "run of \(run.loss.count) of \(run.settings.steps) steps"
    if let first = run.loss.first, let last = run.loss.last {
      text += ": loss \(first.digits(4)) to \(last.digits(4))"
    }
    if let first = run.heldOut.first, let last = run.heldOut.last, run.heldOut.count > 1 {
      text += ", held out \(first.loss.digits(4)) to \(last.loss.digits(4))"
    }
    return text + ", \(Int(run.tokensPerSecond.rounded()).grouped) tokens/s"
  }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "loss": return try vector(run.loss)
    case "lr": return try vector(run.learningRate)
    case "held_out":
      let pairs = run.heldOut.flatMap { [Float($0.step), Float($0.loss)] }
      return .tensor(try Tensor(pairs, shape: [run.heldOut.count, 2], on: device))
    case "tokens": return .int(run.tokens)
    case "seconds": return .float(run.seconds)
    case "tokens_per_second": return .float(run.tokensPerSecond)
    case "config": return .dict(config)
    default: return nil
    }
  }

  private func vector(_ values: [Double]) throws -> Value {
    .tensor(try Tensor(values.map { Float($0) }, shape: [values.count], on: device))
  }

  private var config: DictObject {
    let settings = run.settings
    return DictObject([
      ("loss", .string(run.objective)), ("temperature", .float(run.temperature)),
      ("steps", .int(settings.steps)), ("batch", .int(settings.batch)),
      ("accumulate", .int(settings.accumulate)), ("lr", .float(settings.learningRate)),
      ("min_lr", .float(settings.minimumRate)), ("warmup", .int(settings.warmup)),
      ("schedule", .string("cosine")), ("weight_decay", .float(settings.weightDecay)),
      ("betas", .tuple([.float(settings.betas.0), .float(settings.betas.1)])),
      ("clip", settings.clip.map { .float($0) } ?? .none), ("shuffle", .bool(settings.shuffle)),
      ("seed", .int(settings.seed)),
    ])
  }
}
