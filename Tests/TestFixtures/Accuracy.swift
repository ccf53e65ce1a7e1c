import Kernels

/// How far a kind of device may be from exact results; what this does not name is rounded as IEEE
/// 754 says, or a test's own tolerance holds for every device.
package enum Accuracy: Sendable {
  /// Elementary functions within 3 units in the last place, and sums in double precision.
  case cpu
  /// What the OpenCL C specification (section 7.4, full profile) asks for, and sums in single
  /// precision that carry their rounding errors along.
  case openCL

  /// The error of a function of one element, in units in the last place.
  package func ulps(_ operation: UnaryOperation) -> Double {
    switch (self, operation) {
    case (_, .negate), (_, .absolute), (_, .not): 0
    case (.cpu, .exp): 2
    case (.cpu, _), (.openCL, .exp), (.openCL, .log), (.openCL, .sqrt): 3
    case (.openCL, .tanh): 5
    // 1 / (1 + e^x): the exponential's 3 may count twice where the quotient's exponent is lower.
    case (.openCL, .sigmoid): 10
    }
  }

  /// The error of a function of two f32 elements against a result in f32, in units in the last
  /// place: half a unit is the wanted result's own.
  package func ulps(_ operation: BinaryOperation) -> Double {
    switch (self, operation) {
    case (.cpu, .power): 1
    case (.openCL, .power): 16.5
    case (.openCL, .divide), (.openCL, .floorDivide): 3
    default: 0
    }
  }

  /// How far a sum may be from the exact one; `magnitudes` is the sum of its terms' magnitudes.
  package func ofSum(_ sum: Double, magnitudes: Double) -> Double {
    switch self {
    case .cpu: abs(sum) * 1e-7 + magnitudes * 1e-14
    case .openCL: abs(sum) * 2e-7 + magnitudes * 1e-9
    }
  }

  /// The relative error of a root or a quotient of such sums of squares.
  package var ofNorm: Double {
    switch self {
    case .cpu: 1e-7
    case .openCL: 5e-7
    }
  }
}
