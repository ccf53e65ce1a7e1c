import Figures
import Foundation
import Testing

@Suite struct TickTests {
  /// The labels of the ticks whose boxes have this name.
  private func labels(_ name: String, _ figure: Figure, width: Double = 7) throws -> [String] {
    try figure.layout(width: width).boxes.filter { $0.name.hasPrefix(name + " ") }
      .flatMap(\.text)
  }

  private func line(_ y: [Double], x: [Double]? = nil, log: Bool = false) throws -> Figure {
    Figure(.line(try LinePlot(series: [.init(x: x, y: y)], log: log ? .y : .none)))
  }

  @Test func indicesAreWholeNumbers() throws {
    for (rows, columns) in [(30, 9), (2, 3), (12, 16), (30, 1536), (7, 49_152), (1, 576)] {
      for width in [2, 3.4, 7, 12] {
        let figure = Figure(try Samples.heatmap(rows, columns))
        let ticks = try labels("xTick", figure, width: width)
        #expect(ticks.count >= 2)
        #expect(ticks.first == "0")
        #expect(ticks.allSatisfy { Int($0) != nil || $0.hasSuffix("k") }, "\(ticks)")
      }
    }
    let heads = Figure(try Samples.heatmap(30, 9))
    #expect(try labels("xTick", heads) == (0..<9).map(String.init))
    #expect(try labels("yTick", heads) == ["0", "5", "10", "15", "20", "25"])
    #expect(try labels("yTick", Figure(try Samples.heatmap(1, 576))).isEmpty)
  }

  @Test func stepsAreWholeToo() throws {
    #expect(try labels("xTick", try line([1, 2, 3, 4])) == ["0", "1", "2", "3"])
    let halves = try line([1, 2, 3], x: [0, 0.5, 1])
    #expect(try labels("xTick", halves).contains("0.5") || labels("xTick", halves).contains("0.2"))
  }

  @Test func logarithmicTicks() throws {
    let wide = try line([1e-6, 1, 1e4], log: true)
    let decades = try labels("yTick", wide)
    #expect(decades.contains("10⁻⁴") && decades.contains("10²"), "\(decades)")
    let narrow = try line([12, 20, 130], log: true)
    #expect(try labels("yTick", narrow) == ["20", "50", "100"])
    let tiny = try line([3.01, 3.02, 3.04], log: true)
    #expect(try labels("yTick", tiny).count >= 3)
    let even = try labels("yTick", try line([1, 1, 1], log: true))
    #expect(even.count >= 2, "\(even)")
  }

  @Test func ticksAreOrderedAndEven() throws {
    for scale in [1e-300, 1e-12, 1e-3, 0.7, 1, 365, 1e5, 1e12, 1e200] {
      for shift in [-2.0, 0, 3] {
        let figure = try line([shift * scale, (shift + 1) * scale])
        let boxes = try figure.layout().boxes.filter { $0.name.hasPrefix("yTick ") }
        #expect((3...12).contains(boxes.count), "\(scale) \(shift): \(boxes.flatMap(\.text))")
        let places = boxes.map(\.rectangle.maxY)
        let gaps = zip(places, places.dropFirst()).map { $0 - $1 }
        #expect(gaps.allSatisfy { $0 > 8 })
        #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) < 1.5)
        let texts = boxes.flatMap(\.text)
        #expect(Set(texts).count == texts.count, "\(texts)")
      }
    }
  }

  @Test(
    arguments: [
      ([0, 0.5, 1], 0.5, ["0.0", "0.5", "1.0"]),
      ([-2, 0, 2], 2, ["−2", "0", "2"]),
      ([0, 10_000, 20_000], 10_000, ["0", "10k", "20k"]),
      ([0, 2_500_000], 2_500_000, ["0", "2.5M"]),
      ([9999, 10_000, 10_001], 1, ["9999", "10000", "10001"]),
      ([0, 2.5e-5, 5e-5], 2.5e-5, ["0", "2.5×10⁻⁵", "5×10⁻⁵"]),
      ([1e-4, -1e-4], 1e-4, ["10⁻⁴", "−10⁻⁴"]),
      ([0, 0], 1, ["0", "0"]),
      ([1e20, 3e20], 1e20, ["10²⁰", "3×10²⁰"]),
    ] as [([Double], Double, [String])])
  func numbers(values: [Double], step: Double, expected: [String]) {
    #expect(NumberLabels.labels(of: values, step: step) == expected)
  }

  @Test func cellValues() {
    #expect(NumberLabels.annotations(of: [1, 2, -3]) == ["1", "2", "−3"])
    #expect(NumberLabels.annotations(of: [0.0312, -0.5, .nan]) == ["0.031", "−0.500", ""])
    #expect(NumberLabels.annotations(of: [1.2e-7, 0]) == ["1.2e−7", "0"])
    #expect(NumberLabels.annotations(of: [123.4, .infinity]) == ["123", "∞"])
    #expect(NumberLabels.annotations(of: [-0.001, 4]) == ["−0.0010", "4.0"])
  }
}
