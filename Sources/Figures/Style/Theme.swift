/// How figures look: their type, ground and colours. What they show does not depend on it.
public enum Theme: String, Sendable, CaseIterable {
  /// White, with the sans-serif type that journals ask for.
  case paper
  /// White, with the type of a paper's text.
  case serif
  /// White, larger: for notebooks and slides.
  case screen
  /// Light on dark, as large.
  case dark

  /// The family of the type; fontconfig finds the nearest where it is not installed.
  var family: String {
    switch self {
    case .paper: "Liberation Sans"
    case .serif: "Liberation Serif"
    case .screen, .dark: "DejaVu Sans"
    }
  }

  /// How much larger than in print everything is drawn.
  package var zoom: Double { self == .screen || self == .dark ? 1.2 : 1 }

  /// The paper.
  var ground: Color { self == .dark ? Color(hex: 0x1A1C20) : .white }
  /// Text and axes: softer than the strongest contrast.
  var ink: Color { self == .dark ? Color(hex: 0xE4E4E4) : .ink }
  /// The lines behind curves.
  var grid: Color { Color(hex: self == .dark ? 0x383B41 : 0xE6E6E6) }
  /// What stands behind the data: a Pareto front, reference lines, the outline of a teacher.
  var faint: Color { Color(hex: self == .dark ? 0x9A9CA1 : 0x8C8C8C) }
  /// Cells without a value: grey, but for a map that has the greys itself.
  func missing(_ map: ColorMap) -> Color {
    if map == .gray { return Color(hex: 0xB9CDE5) }
    return Color(hex: self == .dark ? 0x4A4D54 : 0xC9C9C9)
  }

  /// The colours of series: six after Okabe and Ito (2008), whose yellow is too pale for lines on
  /// white, and two of our own in place of it and of black. On a dark ground the dark ones are
  /// lighter.
  var series: [Color] {
    let hexes: [UInt32] =
      self == .dark
      ? [0x4DA3E0, 0xF0803C, 0x2FC79A, 0xE39AC4, 0xF2B53A, 0x8CCBF2, 0xA99CF0, 0xB0B0B0]
      : [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x3B2E7E, 0x6B6B6B]
    return hexes.map { Color(hex: $0) }
  }
}
