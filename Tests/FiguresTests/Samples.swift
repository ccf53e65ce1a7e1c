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
        annotate: annotate).labelled(label))
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
