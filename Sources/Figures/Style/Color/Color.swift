import Foundation

/// A colour in sRGB, each part from 0 to 1.
public struct Color: Sendable, Equatable {
  /// The red part.
  public var red: Double
  /// The green part.
  public var green: Double
  /// The blue part.
  public var blue: Double

  /// A colour of three parts from 0 to 1.
  public init(red: Double, green: Double, blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour written as `0xRRGGBB`.
  init(hex: UInt32) {
    self.init(
      red: Double(hex >> 16 & 0xFF) / 255, green: Double(hex >> 8 & 0xFF) / 255,
      blue: Double(hex & 0xFF) / 255)
  }

  static let white = Color(hex: 0xFFFFFF)
  /// Text and axes: softer than black, dark enough for print.
  static let ink = Color(hex: 0x262626)

  /// The parts as `0xFFRRGGBB`, as Cairo stores a pixel.
  var pixel: UInt32 {
    func byte(_ part: Double) -> UInt32 { UInt32((min(max(part, 0), 1) * 255).rounded()) }
    return 0xFF00_0000 | byte(red) << 16 | byte(green) << 8 | byte(blue)
  }

  /// The relative luminance of WCAG 2: 0 is black, 1 white.
  var luminance: Double {
    func linear(_ part: Double) -> Double {
      part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// White or ink, whichever stands out more on this colour.
  var contrasting: Color {
    let withWhite = 1.05 / (luminance + 0.05)
    let withInk = (luminance + 0.05) / (Color.ink.luminance + 0.05)
    return withWhite > withInk ? .white : .ink
  }
}
