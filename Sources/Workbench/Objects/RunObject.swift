import Compression
import Kernels
import Language
import Models
import Tensors

/// The record of a training run in the language.
final class RunObject: DescribedObject {
  let run: Run
  private let device: any Device
  private let student: () throws -> Model
  private var model: ModelObject?
  /// The folder that the run was loaded from, nil for one that was made in this session.
  let folder: String?

  /// - Parameter student: gives the trained model when it is asked for.
  init(
    _ run: Run, on device: any Device, folder: String? = nil, student: @escaping () throws -> Model
  ) {
    self.run = run
    self.device = device
    self.folder = folder
    self.student = student
  }

  var typeName: String { "run" }

  static let attributeTexts: KeyValuePairs = [
    "loss": "The loss of each step before its update, [steps].",
    "lr": "The learning rate of each step, [steps].",
    "gradient_norm": "The norm of each step's gradient before clipping, [steps].",
    "terms": "The terms of the loss by name, each [steps]; empty where it is one alone.",
    "held_out": "Pairs of step and held-out loss, [n, 2].",
    "tokens": "Token positions trained on.",
    "seconds": "The time of the steps, held-out losses left out.",
    "tokens_per_second": "The throughput over all steps.",
    "config": "The settings as the function took them.",
    "model": "The trained student.",
  ]

  func representation() -> String {
    var text = "run of \(run.loss.count) of \(counted(run.settings.steps, "step"))"
    if let first = run.loss.first, let last = run.loss.last {
      text += ": loss \(first.readable) to \(last.readable)"
    }
    if let first = run.heldOut.first, let last = run.heldOut.last, run.heldOut.count > 1 {
      text += ", held out \(first.loss.readable) to \(last.loss.readable)"
    }
    return text + ", \(Int(run.tokensPerSecond.rounded()).grouped) tokens/s"
  }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "loss": return try vector(run.loss)
    case "lr": return try vector(run.learningRate)
    case "gradient_norm": return try vector(run.gradientNorm)
    case "terms":
      return .dict(
        DictObject(try run.termNames.map { ($0, try vector(run.terms[$0] ?? [])) }))
    case "held_out":
      let pairs = run.heldOut.flatMap { [Float($0.step), Float($0.loss)] }
      return .tensor(try Tensor(pairs, shape: [run.heldOut.count, 2], on: device))
    case "tokens": return .int(run.tokens)
    case "seconds": return .float(run.seconds)
    case "tokens_per_second": return .float(run.tokensPerSecond)
    case "config": return .dict(try config())
    case "model":
      let object = try model ?? ModelObject(student())
      model = object
      return .object(object)
    default: return nil
    }
  }

  private func vector(_ values: [Double]) throws -> Value {
    .tensor(try Tensor(values.map { Float($0) }, shape: [values.count], on: device))
  }

  /// The settings as the function took them.
  private func config() throws -> DictObject {
    DictObject(
      try run.configuration.members.map { name, value in
        // What the language takes as a pair, it shows as one.
        guard name == "betas", let pair = value.array else { return (name, try Value(json: value)) }
        return (name, .tuple(try pair.map { try Value(json: $0) }))
      })
  }
}
