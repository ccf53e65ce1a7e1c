import Foundation

/// Blue over near-white to red: a smooth curve in Oklab (Ottosson 2020) on each side, of equal
/// lightness at equal distance from the middle.
enum DivergingColors {
  /// Lightness, green to red, blue to yellow.
  private typealias Oklab = SIMD3<Double>

  private static let middle = Oklab(0.965, 0, 0.002)
  private static let blues = [middle, Oklab(0.64, -0.05, -0.095), Oklab(0.32, -0.015, -0.1)]
  private static let reds = [middle, Oklab(0.64, 0.135, 0.075), Oklab(0.32, 0.125, 0.045)]

  static func color(at fraction: Double) -> Color {
    let reach = abs(fraction - 0.5) * 2
    let side = fraction < 0.5 ? blues : reds
    // The parabola through the three anchors at 0, 1/2 and 1.
    let lab =
      side[0] * ((1 - reach) * (1 - 2 * reach)) + side[1] * (4 * reach * (1 - reach))
      + side[2] * (reach * (2 * reach - 1))
    let long = cube(lab.x + 0.396_337_777_4 * lab.y + 0.215_803_757_3 * lab.z)
    let medium = cube(lab.x - 0.105_561_345_8 * lab.y - 0.063_854_172_8 * lab.z)
    let short = cube(lab.x - 0.089_484_177_5 * lab.y - 1.291_485_548_0 * lab.z)
    return Color(
      red: encoded(4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short),
      green: encoded(-1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short),
      blue: encoded(-0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short))
  }

  private static func cube(_ value: Double) -> Double { value * value * value }

  /// The gamma of sRGB.
  private static func encoded(_ linear: Double) -> Double {
    let value = min(max(linear, 0), 1)
    return value <= 0.003_130_8 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
  }
}
