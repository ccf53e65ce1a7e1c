import JSONFormat
import Models
import Tensors

// What a saved run notes of its objective.
extension Objective {
  /// The settings of the loss under the names of the catalogue.
  var record: [(key: String, value: JSON)] {
    switch self {
    case .distillation(_, let temperature):
      [("loss", "kl"), ("temperature", .double(temperature))]
    case .languageModelling: [("loss", "cross_entropy"), ("temperature", 1.0)]
    }
  }

  /// The model that is learned from, nil where there is none.
  var teacher: Model? {
    if case .distillation(let teacher, _) = self { teacher } else { nil }
  }

  /// Parameters beside the student's that the loss brings with it.
  var learned: [(name: String, tensor: Tensor)] { [] }
}
