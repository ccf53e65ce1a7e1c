/// A map from 0 … 1 to colours.
public enum ColorMap: String, Sendable, CaseIterable {
  /// Dark blue over green to yellow; even in brightness, safe for the colour-blind.
  case viridis
  /// Black over purple to pale yellow.
  case magma
  /// Blue to yellow, the same to every eye.
  case cividis
  /// Black to white.
  case gray
  /// Blue over near-white to red: for values with a center.
  case diverging

  /// The colour at `fraction`; beyond 0 and 1 that of the end.
  public func color(at fraction: Double) -> Color {
    let fraction = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
    switch self {
    case .viridis: return ColorCurve.viridis.color(at: fraction)
    case .magma: return ColorCurve.magma.color(at: fraction)
    case .cividis: return ColorCurve.cividis.color(at: fraction)
    case .gray: return Color(red: fraction, green: fraction, blue: fraction)
    case .diverging: return DivergingColors.color(at: fraction)
    }
  }

  /// The steps that a heatmap's values fall into.
  static let steps = 256

  /// The colours of all steps as pixels.
  var pixels: [UInt32] {
    (0..<Self.steps).map { color(at: Double($0) / Double(Self.steps - 1)).pixel }
  }

  /// The step of a value on a scale.
  static func step(of value: Double, on scale: AxisScale) -> Int {
    let fraction = scale.fraction(of: value)
    return Int(min(max(fraction * Double(steps), 0), Double(steps - 1)))
  }
}
