/// A colour map as three polynomials: our own minimax fits of degree 12 to the published maps, in
/// Chebyshev polynomials of 2t − 1, off by less than 1.5 of 255 anywhere.
struct ColorCurve {
  let red, green, blue: [Double]

  func color(at fraction: Double) -> Color {
    func part(_ coefficients: [Double]) -> Double {
      min(max(Self.chebyshev(coefficients, at: 2 * fraction - 1), 0), 1)
    }
    return Color(red: part(red), green: part(green), blue: part(blue))
  }

  /// Σ cₖ Tₖ(x), by Clenshaw's recurrence.
  private static func chebyshev(_ coefficients: [Double], at x: Double) -> Double {
    var (next, afterNext) = (0.0, 0.0)
    for coefficient in coefficients.dropFirst().reversed() {
      (next, afterNext) = (coefficient + 2 * x * next - afterNext, next)
    }
    return (coefficients.first ?? 0) + x * next - afterNext
  }

  static let viridis = ColorCurve(
    red: [
      0.4087, 0.2983, 0.2550, 0.0802, -0.0331, -0.0197, -0.0018, 0.0066, 0.0021, -0.0036,
      -0.0016, 0.0025, 0.0008,
    ],
    green: [
      0.5187, 0.4547, -0.0574, -0.0049, -0.0085, 0.0008, 0.0021, 0.0009, -0.0004, 0.0001,
      0.0001, -0.0003, 0.0007,
    ],
    blue: [
      0.3759, -0.1467, -0.1707, 0.0211, 0.0148, 0.0288, 0.0147, 0.0049, 0.0042, 0.0013,
      -0.0006, -0.0008, -0.0018,
    ])

  static let magma = ColorCurve(
    red: [
      0.5909, 0.5513, -0.1185, -0.0619, 0.0164, 0.0079, 0.0074, -0.0055, -0.0039, 0.0024,
      0.0015, 0.0000, 0.0005,
    ],
    green: [
      0.3700, 0.4801, 0.1441, 0.0204, -0.0195, -0.0074, -0.0033, 0.0080, 0.0049, -0.0083,
      0.0016, -0.0006, -0.0019,
    ],
    blue: [
      0.4141, 0.2459, -0.0437, 0.1533, 0.0068, -0.0274, 0.0003, -0.0078, 0.0077, 0.0058,
      -0.0053, 0.0011, 0.0020,
    ])

  static let cividis = ColorCurve(
    red: [
      0.2369, 1.0022, -0.4617, 0.4160, -0.3360, 0.2561, -0.1901, 0.1318, -0.0878, 0.0512,
      -0.0291, 0.0131, -0.0062,
    ],
    green: [
      0.5019, 0.3805, 0.0184, 0.0047, 0.0007, 0.0002, 0.0003, 0.0006, 0.0000, 0.0007,
      -0.0001, 0.0005, 0.0006,
    ],
    blue: [
      0.3771, -0.0531, -0.0983, -0.0172, -0.0205, 0.0195, -0.0119, 0.0036, 0.0038, 0.0002,
      0.0081, -0.0017, 0.0030,
    ])
}
