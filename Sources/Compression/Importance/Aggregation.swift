/// How a unit's activations become one number: first over a window's positions, then over windows
/// (arXiv 2407.14679, section 2.2).
public enum Aggregation: String, Sendable, CaseIterable {
  /// The mean of the absolute values.
  case mean
  /// The root of the sum of squares.
  case l2
  /// The mean squared distance from the mean.
  case `var`
}

/// Which value of a neuron is scored.
public enum NeuronValue: String, Sendable, CaseIterable {
  /// The input of the down projection, after activation and gate.
  case post
  /// What the activation function is given: the gate's projection, in an MLP without a gate the up
  /// projection.
  case pre
}

/// What is scored.
public enum ImportanceAxis: String, Sendable, CaseIterable {
  case heads, neurons, channels, layers
}

/// Scores of units, row-major: [layers, units], [units] or [layers].
public struct Scores: Sendable, Equatable {
  /// The scores.
  public let values: [Double]
  /// Their shape.
  public let shape: [Int]

  /// Scores of a shape.
  public init(_ values: [Double], shape: [Int]) {
    precondition(values.count == shape.reduce(1, *))
    self.values = values
    self.shape = shape
  }

  /// One layer's scores of a [layers, units] matrix.
  func row(_ layer: Int) -> ArraySlice<Double> {
    values[layer * shape[1]..<(layer + 1) * shape[1]]
  }
}
