import Figures
import Foundation

/// The figures that many tests look at, made without chance.
enum Samples {
  static func matrix(_ rows: Int, _ columns: Int, scale: Float = 1) -> [Float] {
    (0..<(rows * columns)).map { Float(($0 &* 2_654_435_761) % 1000) / 1000 * scale }
  }

  static func heatmap(
    _ rows: Int, _ columns: Int, scale: Float = 1, annotate: Bool = false, label: String = ""
  ) throws -> Figure.Content {
    .heatmap(
      try Heatmap(
        values: matrix(rows, columns, scale: scale), rows: rows, columns: columns,
        annotate: annotate
      ).labelled(label))
  }

  static func lines(
    _ names: [String], count: Int = 120, scale: Double = 1, log: Bool = false
  ) throws -> Figure.Content {
    let series = try names.enumerated().map { index, name in
      try LinePlot.Series(
        name: name,
        y: (0..<count).map { step -> Double in
          let decay = exp(-Double(step) / 30)
          return scale * (Double(index + 1) + 3 * decay)
        })
    }
    return .line(try LinePlot(series: series, log: log ? .y : .none))
  }

  static func bars(_ names: [String], series: Int = 2, horizontal: Bool = false) throws
    -> Figure.Content
  {
    .bars(
      try BarPlot(
        categories: names,
        series: try (0..<series).map { index in
          try BarPlot.Series(
            name: "series \(index)", values: names.indices.map { Double($0 + index) - 1.5 },
            errors: names.map { _ in 0.3 })
        }, isHorizontal: horizontal))
  }

  static func histogram(log: Bool = false) throws -> Figure.Content {
    let values = (0..<500).map { sin(Double($0 * $0)) * exp(Double($0 % 7) / 3) }
    return .histogram(
      try Histogram(
        series: [
          .init(name: "first", values: values), .init(name: "second", values: values + [9]),
        ],
        isLogarithmic: log))
  }

  static func shapes(students: Int = 1, name: String = "teacher") throws -> Figure.Content {
    func shape(_ name: String, _ layers: Int, _ widths: [Int], kept: [Int]? = nil)
      -> ShapesPlot.Shape
    {
      let names = ["hidden", "heads", "MLP"]
      return ShapesPlot.Shape(
        name: name, remark: "134.5M parameters", layers: layers,
        parts: zip(names, widths).map { .init(name: $0, width: $1, label: "\($1)") }, kept: kept)
    }
    return .shapes(
      try ShapesPlot(
        shapes: [shape(name, 30, [576, 576, 1536])]
          + (0..<students).map {
            shape(
              "student \($0)", 24, [576, 384, 1024 - 200 * $0], kept: Array(0..<12) + Array(18..<30)
            )
          }))
  }

  static func table(columns: Int = 4) throws -> Figure.Content {
    .table(
      try TablePlot(
        columns: (0..<columns).map { $0 == 0 ? "Model" : "Column \($0)" },
        rows: (0..<3).map { row in
          (0..<columns).map { $0 == 0 ? "model \(row)" : "\(row * $0).123" }
        }, isNumeric: (0..<columns).map { $0 > 0 }))
  }

  static func scatter(label: String? = nil) throws -> Figure.Content {
    let x = (0..<12).map { Double($0 * 7 % 12) }
    return .scatter(
      try ScatterPlot(
        series: [
          try .init(
            name: "measured", x: x, y: x.map { 20 / ($0 + 1) },
            labels: x.map { label ?? "p\(Int($0))" })
        ], front: true))
  }

  static func grid(_ shared: Set<GridPlot.Shared> = []) throws -> Figure.Content {
    var panels: [Figure] = []
    if shared.contains(.colors) {
      for index in 0..<4 {
        panels.append(
          Figure(try heatmap(8, 6, scale: Float(index + 1)), title: "panel \(index)"))
      }
    } else if shared.isEmpty {
      for content in try [heatmap(30, 9), lines(["a", "b"]), bars(["x", "y"]), histogram()] {
        panels.append(Figure(content, title: "Panel", xLabel: "across", yLabel: "up"))
      }
    } else {
      for index in 0..<4 {
        panels.append(Figure(try lines(["a"], scale: Double(index + 1)), xLabel: "step"))
      }
    }
    return .grid(try GridPlot(figures: panels, shared: shared))
  }

  /// Words of `count` characters in all.
  static func text(_ count: Int) -> String {
    let words = "Importance of every neuron, head and channel after distillation on Wikipedia "
    return String(String(repeating: words, count: 1 + count / words.count).prefix(count))
  }
}

extension Heatmap {
  /// The heatmap with words beside its colour bar.
  func labelled(_ text: String) -> Heatmap {
    var map = self
    map.valueLabel = text
    return map
  }
}
