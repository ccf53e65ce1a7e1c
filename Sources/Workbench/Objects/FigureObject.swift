import Figures
import Language

/// A figure in the language.
final class FigureObject: HostObject, Displayable {
  let figure: Figure

  init(_ figure: Figure) { self.figure = figure }

  var typeName: String { "figure" }

  func representation() -> String {
    let kind: String =
      switch figure.content {
      case .heatmap(let map): "heatmap of \(map.rows) × \(map.columns)"
      case .line(let plot): "line plot of \(plot.series.count) series"
      case .scatter(let plot): "scatter plot of \(plot.points.count) points"
      }
    return figure.title.isEmpty ? "figure: \(kind)" : "figure: \(figure.title) (\(kind))"
  }

  func display() throws -> Display { Display(text: representation(), figure: figure) }
}
