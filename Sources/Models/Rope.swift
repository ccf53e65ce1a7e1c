import Foundation

/// A rotary position embedding: which angles a position turns by.
public struct Rope: Sendable, Equatable {
  /// The base of the frequencies.
  public var theta: Double
  /// How frequencies are stretched for longer contexts.
  public var scaling: Scaling

  /// Which part of a head's elements turns, from its beginning; the rest passes unchanged.
  public var fraction: Double

  /// Known stretchings.
  public enum Scaling: Sendable, Equatable {
    case none
    /// All frequencies divided by a factor.
    case linear(factor: Double)
    /// Llama 3.1: low frequencies divided by the factor, high ones kept, those between blended.
    case llama3(factor: Double, low: Double, high: Double, originalContext: Int)
  }

  /// An embedding by its base, its stretching and the part of a head that it turns.
  public init(theta: Double, scaling: Scaling, fraction: Double = 1) {
    self.theta = theta
    self.scaling = scaling
    self.fraction = fraction
  }

  /// How many of a head's elements turn.
  package func rotated(headDim: Int) -> Int { Int(Double(headDim) * fraction) }

  /// The angle that one position adds, for each pair of the `dim` elements that turn: dim/2
  /// numbers, in f32 as the reference computes them.
  package func frequencies(dim: Int) -> [Float] {
    (0..<dim / 2).map { pair in
      let exponent = Float(2 * pair) / Float(dim)
      return scaled(1 / Float(pow(theta, Double(exponent))))
    }
  }

  private func scaled(_ frequency: Float) -> Float {
    switch scaling {
    case .none: return frequency
    case .linear(let factor): return frequency / Float(factor)
    case .llama3(let factor, let low, let high, let originalContext):
      let context = Float(originalContext)
      let wavelength = 2 * Float.pi / frequency
      if wavelength > context / Float(low) { return frequency / Float(factor) }
      if wavelength < context / Float(high) { return frequency }
      let blend = (context / wavelength - Float(low)) / (Float(high) - Float(low))
      return (1 - blend) * frequency / Float(factor) + blend * frequency
    }
  }
}
