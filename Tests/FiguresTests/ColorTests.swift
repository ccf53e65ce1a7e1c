import Figures
import Testing

@Suite struct ColorTests {
  /// The published maps at 0, 0.2, … 1.
  @Test(arguments: [
    (ColorMap.viridis, [0x440154, 0x414487, 0x2A788E, 0x22A884, 0x7AD151, 0xFDE725]),
    (ColorMap.magma, [0x000004, 0x3B0F70, 0x8C2981, 0xDE4968, 0xFE9F6D, 0xFCFDBF]),
    (ColorMap.cividis, [0x00224E, 0x35456C, 0x666970, 0x948E77, 0xC8B866, 0xFEE838]),
    (ColorMap.gray, [0x000000, 0x333333, 0x666666, 0x999999, 0xCCCCCC, 0xFFFFFF]),
  ])
  func mapsMatchTheirModels(map: ColorMap, published: [Int]) {
    for (index, hex) in published.enumerated() {
      let color = map.color(at: Double(index) / 5)
      let parts = [(color.red, hex >> 16), (color.green, hex >> 8), (color.blue, hex)]
      for (part, byte) in parts {
        #expect(abs(part * 255 - Double(byte & 0xFF)) < 2, "\(map) at \(index)/5: \(color)")
      }
    }
  }

  @Test func theDivergingMapIsEvenAboutItsMiddle() {
    let middle = ColorMap.diverging.color(at: 0.5)
    #expect(min(middle.red, middle.green, middle.blue) > 0.92)
    let (low, high) = (ColorMap.diverging.color(at: 0.1), ColorMap.diverging.color(at: 0.9))
    #expect(low.blue > low.red + 0.2 && high.red > high.blue + 0.2)
    for reach in stride(from: 0.0, through: 0.45, by: 0.05) {
      let inner = brightness(ColorMap.diverging.color(at: 0.5 + reach))
      let outer = brightness(ColorMap.diverging.color(at: 0.5 + reach + 0.05))
      #expect(inner > outer)
    }
  }

  @Test func brightnessOnlyRises() {
    for map in [ColorMap.viridis, .magma, .cividis, .gray] {
      let values = (0...64).map { brightness(map.color(at: Double($0) / 64)) }
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 + 0.002 }, "\(map)")
    }
  }

  @Test func fractionsBeyondTheEndsTakeTheEnds() {
    for map in ColorMap.allCases {
      #expect(map.color(at: -3) == map.color(at: 0))
      #expect(map.color(at: 7) == map.color(at: 1))
      #expect(map.color(at: .nan) == map.color(at: 0))
    }
  }

  /// Rec. 709 weights on encoded values: good enough to order colours.
  private func brightness(_ color: Color) -> Double {
    0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue
  }
}
