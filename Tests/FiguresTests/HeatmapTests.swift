import Figures
import Testing

/// A rendered figure whose pixels can be looked up.
private struct Rendering {
  let layout: FigureLayout
  let bytes: [UInt8]
  let width: Int
  let dpi: Int

  init(_ figure: Figure, width: Double = 5, height: Double? = nil, dpi: Int = 144) throws {
    layout = try figure.layout(width: width, height: height)
    let image = try figure.page(width: width, height: height).image(dpi: dpi)
    bytes = try image.rgb()
    self.width = image.width
    self.dpi = dpi
  }

  /// The red, green and blue bytes at a place in points.
  func color(x: Double, y: Double) -> [Int] {
    let (column, row) = (Int(x * Double(dpi) / 72), Int(y * Double(dpi) / 72))
    let start = (row * width + column) * 3
    return bytes[start..<(start + 3)].map(Int.init)
  }

  func box(_ name: String) throws -> Rectangle {
    try #require(layout.boxes.first { $0.name == name }).rectangle
  }

  /// The color at a share of a cell of a heatmap.
  func cell(
    _ row: Int, _ column: Int, of rows: Int, _ columns: Int, x: Double = 0.5, y: Double = 0.5
  )
    throws -> [Int]
  {
    let plot = try box("plot")
    return color(
      x: plot.x + plot.width * (Double(column) + x) / Double(columns),
      y: plot.y + plot.height * (Double(row) + y) / Double(rows))
  }
}

private func bytes(_ color: Color) -> [Int] {
  [color.red, color.green, color.blue].map { Int(($0 * 255).rounded()) }
}

@Suite struct HeatmapTests {
  @Test func cellsHaveTheColorsOfTheirValues() throws {
    let values: [Float] = [0, 1, 2, 3, .nan, 5, -.infinity, 7, .infinity, 9, 10, 20]
    let heatmap = try Heatmap(values: values, rows: 3, columns: 4)
    for dpi in [72, 144, 300] {
      let rendering = try Rendering(Figure(.heatmap(heatmap), title: "Title"), dpi: dpi)
      for (row, column) in [(0, 0), (0, 1), (0, 3), (1, 1), (1, 3), (2, 1), (2, 3)] {
        let value = Double(values[row * 4 + column])
        let step = (min(max(value / 20 * 256, 0), 255)).rounded(.down)
        let expected = bytes(ColorMap.viridis.color(at: step / 255))
        for (x, y) in [(0.5, 0.5), (0.05, 0.05), (0.95, 0.95)] {
          #expect(try rendering.cell(row, column, of: 3, 4, x: x, y: y) == expected)
        }
      }
      #expect(try rendering.cell(1, 0, of: 3, 4) == [0xC9, 0xC9, 0xC9])
    }
  }

  @Test func theColorBarRunsFromLowToHigh() throws {
    let rendering = try Rendering(Figure(try Samples.heatmap(30, 9)))
    let bar = try rendering.box("colorBar")
    for (y, fraction) in [(bar.maxY - 1, 0.0), (bar.midY, 0.5), (bar.y + 1, 1)] {
      let expected = bytes(ColorMap.viridis.color(at: fraction))
      let found = rendering.color(x: bar.midX, y: y)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 5 }, "\(found) \(expected)")
    }
  }

  @Test func theCenterIsTheMiddleOfTheMap() throws {
    let heatmap = try Heatmap(values: [-1, 0, 4], rows: 1, columns: 3, center: 0)
    #expect(heatmap.colors == .diverging)
    let rendering = try Rendering(Figure(.heatmap(heatmap)))
    #expect(
      try rendering.cell(0, 1, of: 1, 3) == bytes(ColorMap.diverging.color(at: 128.0 / 255)))
    #expect(try rendering.cell(0, 0, of: 1, 3) == bytes(ColorMap.diverging.color(at: 96.0 / 255)))
  }

  @Test func reductionKeepsTheMeanAndEveryPeak() throws {
    var values = [Float](repeating: 0, count: 3 * 1536)
    for column in stride(from: 5, to: 1536, by: 97) { values[1536 + column] = 1 }
    let heatmap = try Heatmap(values: values, rows: 3, columns: 1536)
    let reduced = HeatmapRaster(heatmap, mostColumns: 500, mostRows: 100)
    #expect(reduced.rows == 3 && reduced.columns == 500)
    let (before, after) = (values.reduce(0, +) / 1536, reduced.values.reduce(0, +) / 500)
    #expect(abs(before - after) < 1e-4)
    for column in stride(from: 5, to: 1536, by: 97) {
      let target = Int((Double(column) + 0.5) / 1536 * 500)
      #expect(reduced.values[500 + target] > 0.1)
    }

    let gaps = try Heatmap(values: [1, .nan, .nan, .nan, 3, 5], rows: 1, columns: 6)
    let halves = HeatmapRaster(gaps, mostColumns: 3, mostRows: 1).values
    #expect(halves[0] == 1 && halves[1].isNaN && halves[2] == 4)
    let uneven = try Heatmap(values: [0, 3, 6], rows: 3, columns: 1)
    #expect(HeatmapRaster(uneven, mostColumns: 9, mostRows: 2).values == [1, 5])
  }

  @Test func everyRowIsAnnotatedOrNone() throws {
    func difference(rows: Int, columns: Int, width: Double) throws -> [Bool] {
      let plain = Figure(try Samples.heatmap(rows, columns))
      let annotated = Figure(try Samples.heatmap(rows, columns, annotate: true))
      let (a, b) = (try Rendering(plain, width: width), try Rendering(annotated, width: width))
      let plot = try a.box("plot")
      return (0..<rows).map { row in
        stride(from: 0.1, to: 0.9, by: 0.02).contains { share in
          let y = plot.y + plot.height * (Double(row) + 0.5) / Double(rows)
          let x = plot.x + plot.width / Double(columns) * share
          return a.color(x: x, y: y) != b.color(x: x, y: y)
        }
      }
    }
    #expect(try difference(rows: 30, columns: 9, width: 7).allSatisfy { $0 })
    #expect(try difference(rows: 4, columns: 4, width: 3.4).allSatisfy { $0 })
    #expect(try !difference(rows: 30, columns: 60, width: 3.4).contains(true))
  }

  @Test func constantValuesAreDrawn() throws {
    for value in [Float(0), 3, -1e-30, .greatestFiniteMagnitude] {
      let heatmap = try Heatmap(values: [value, value, value, .nan], rows: 2, columns: 2)
      let rendering = try Rendering(Figure(.heatmap(heatmap)))
      let middle = bytes(ColorMap.viridis.color(at: 128.0 / 255))
      #expect(try rendering.cell(0, 0, of: 2, 2) == middle, "\(value)")
    }
  }

  @Test func badMatricesAreRefused() {
    func message(_ make: () throws -> Heatmap) -> String {
      do {
        _ = try make()
        return "none"
      } catch { return "\(error)" }
    }
    #expect(
      message { try Heatmap(values: [], rows: 0, columns: 3) }
        == "a heatmap needs at least one row and one column, not 0 x 3")
    #expect(
      message { try Heatmap(values: [1], rows: 2, columns: 3) }
        == "a heatmap of 2 x 3 cells got 1 values")
    #expect(
      message { try Heatmap(values: [1], rows: .max, columns: .max) }
        == "a heatmap of \(Int.max) x \(Int.max) cells got 1 values")
    #expect(
      message { try Heatmap(values: [.nan, .infinity], rows: 1, columns: 2) }
        == "no value of the 1 x 2 heatmap is finite")
    #expect(
      message { try Heatmap(values: [1], rows: 1, columns: 1, center: .nan) }
        == "the center of a heatmap must be a number within f32, not nan")
  }

  /// Limits of one side, beyond all values too, keep what was asked for.
  @Test func limitsOfColoursAreKept() throws {
    func labels(_ values: [Float], _ limits: AxisLimits, isLogarithmic: Bool) throws -> [String] {
      let map = try Heatmap(
        values: values, rows: 1, columns: values.count, isLogarithmic: isLogarithmic, range: limits)
      let figure = Figure(.heatmap(map))
      _ = try figure.page(width: 3).png(dpi: 50)
      return try figure.layout(width: 5).boxes.filter { $0.name.hasPrefix("colorBarTick") }
        .flatMap(\.text)
    }
    let above = try labels([5, 5], AxisLimits(start: 7, end: nil), isLogarithmic: false)
    #expect(above.first == "7.0" || above.first == "7", "\(above)")
    let below = try labels([1, 100], AxisLimits(start: nil, end: 0.5), isLogarithmic: true)
    #expect(below.last == "0.5", "\(below)")
    _ = try labels([1, 100], AxisLimits(start: 1e17, end: nil), isLogarithmic: true)
    let map = try Heatmap(
      values: [1, 2], rows: 1, columns: 2, range: AxisLimits(start: 10, end: nil))
    #expect(Figure(.heatmap(map)).emptyLimits.map(\.name) == ["limits"])
  }
}
