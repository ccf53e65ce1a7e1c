import Foundation

/// One AdamW update (arXiv 1711.05101): decoupled decay, bias correction.
public struct AdamWStep: Sendable {
  /// The learning rate of this step.
  public var learningRate: Float
  /// Decay of the first moment.
  public var beta1: Float
  /// Decay of the second moment.
  public var beta2: Float
  /// Added to the root of the second moment.
  public var epsilon: Float
  /// Decoupled weight decay, multiplied by the learning rate.
  public var weightDecay: Float
  /// This update's number, from 1.
  public var step: Int
  /// The largest global norm of the gradient, nil for no clipping.
  public var clip: Float?

  /// The settings of one update.
  public init(
    learningRate: Float, beta1: Float, beta2: Float, epsilon: Float = 1e-8, weightDecay: Float,
    step: Int, clip: Float?
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.step = step
    self.clip = clip
  }
}

// What every element of an update shares, worked out in f64.
extension AdamWStep {
  /// 1 − lr · decay.
  var decay: Float { Float(1 - Double(learningRate) * Double(weightDecay)) }
  /// lr / (1 − β₁ᵗ).
  var rate: Float { Float(Double(learningRate) / (1 - pow(Double(beta1), Double(step)))) }
  /// √(1 − β₂ᵗ).
  var secondCorrection: Float { Float((1 - pow(Double(beta2), Double(step))).squareRoot()) }
}

/// Operations of the optimizer, all f32.
public protocol OptimizerOperations {
  /// target[0] = Σ x², or += where `accumulates`, in a fixed order.
  func sumOfSquares(_ x: Region, count: Int, to target: Region, accumulates: Bool) throws

  /// Writes the updated parameter over the gradient and updates the moments in place; the parameter
  /// itself stays, so that an update of many ends when each is exchanged with its gradient, or not
  /// at all. The gradient is first multiplied by min(1, clip / (√squaredNorm[0] + 1e-6)), as
  /// PyTorch clips; `squaredNorm` is read where the step has a clip.
  ///
  /// m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²;
  /// g ← p·(1 − lr·decay) − lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
  func adamW(
    parameter: Region, gradient: Region, firstMoment: Region, secondMoment: Region,
    squaredNorm: Region, count: Int, _ step: AdamWStep) throws
}
