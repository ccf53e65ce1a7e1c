import Figures
import Language

/// A figure in the language.
final class FigureObject: HostObject, Displayable {
  let figure: Figure

  init(_ figure: Figure) { self.figure = figure }

  var typeName: String { "figure" }

  func representation() -> String {
    let kind = figure.summary
    return figure.title.isEmpty ? "figure: \(kind)" : "figure: \(figure.title) (\(kind))"
  }

  func display() throws -> Display { Display(text: representation(), figure: figure) }
}
