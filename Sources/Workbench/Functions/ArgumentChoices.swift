import Checkpoints
import Compression
import Figures
import Kernels
import Language
import Tensors

/// The arguments that are one of a few strings, by function and parameter, for completion.
let argumentChoices: [String: [String: [String]]] = [
  "layer_importance": ["metric": names(DepthMetric.self), "block": ["all"]],
  "distill": ["loss": names(DistillationLoss.Term.self), "schedule": names(RateDecay.self)],
  "finetune": ["schedule": names(RateDecay.self)],
  "heatmap": ["colors": names(ColorMap.self)],
  "depth_map": ["colors": names(ColorMap.self)],
  "line": ["log": ["x", "y", "both"]],
  "scatter": ["log": ["x", "y", "both"]],
  "pareto": ["log": ["x", "y", "both"]],
  "grid": ["share": names(GridPlot.Shared.self)],
  "theme": ["name": names(Theme.self)],
  "save": ["dtype": storedTypeNames, "theme": names(Theme.self), "width": ["column", "page"]],
  "device": ["name": deviceNames],
  "to": ["type_or_device": deviceNames + ElementType.allCases.map(\.name)],
  "precision": ["name": names(Precision.self)],
  "scores": [
    "axis": names(ImportanceAxis.self), "batch": names(Aggregation.self),
    "sequence": names(Aggregation.self), "neurons": names(NeuronValue.self),
  ],
  "stability": ["axis": names(ImportanceAxis.self)],
]

/// The names of devices that any machine may have.
private let deviceNames = ["cpu", "opencl"]

/// The types that `save` writes weights in.
let storedTypeNames = [StoredType.f32, .bf16, .f16].map(\.rawValue)

private func names<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type) -> [String] {
  Choice.allCases.map(\.rawValue)
}

extension Session {
  /// The strings that a parameter takes.
  public func choices(of parameter: String, in function: String) -> [String] {
    argumentChoices[function]?[parameter] ?? []
  }
}
