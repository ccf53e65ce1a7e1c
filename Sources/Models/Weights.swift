import Tensors

/// A model's weights by their names in the checkpoint. Views of one model share them.
public final class Weights {
  /// The names, in the order of the checkpoint.
  public let names: [String]
  private var tensors: [String: Tensor]

  package init(_ pairs: [(name: String, tensor: Tensor)]) {
    names = pairs.map(\.name)
    tensors = Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.tensor) })
  }

  /// The live tensor of a name, nil where there is none.
  public subscript(name: String) -> Tensor? { tensors[name] }

  /// All tensors, in the order of the names.
  package var all: [Tensor] { names.compactMap { tensors[$0] } }

  /// The elements of all weights: the number of parameters.
  package var parameters: Int { all.reduce(0) { $0 + $1.count } }
}
