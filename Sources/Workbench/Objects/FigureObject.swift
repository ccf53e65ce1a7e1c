import Figures
import Language

/// A figure in the language.
final class FigureObject: DescribedObject, Displayable {
  private(set) var figure: Figure

  init(_ figure: Figure) { self.figure = figure }

  var typeName: String { "figure" }

  static let attributeTexts: KeyValuePairs = [
    "title": "The line above the plot; may be set.",
    "xlabel": "The label of the horizontal axis; may be set.",
    "ylabel": "The label of the vertical axis; may be set.",
    "add":
      "add(y, name='', x=None, error=None, marks=None, smooth=True): adds a curve to a line plot, or a "
      + "run's, and gives the figure. Without x a curve of as many points as the first has its x; "
      + "smooth=False leaves the curve as it is where the plot smooths.",
  ]

  func representation() -> String {
    let kind = figure.summary
    return figure.title.isEmpty ? "figure: \(kind)" : "figure: \(figure.title) (\(kind))"
  }

  func attribute(_ name: String) -> Value? {
    switch name {
    case "title": .string(figure.title)
    case "xlabel": .string(figure.xLabel)
    case "ylabel": .string(figure.yLabel)
    case "add":
      method("add", "y, name='', x=None, error=None, marks=None, smooth=True") {
        [self] arguments, interpreter in
        guard let session = interpreter.host as? Session else {
          throw LanguageError("there is no session that draws")
        }
        try add(arguments, session)
        return .object(self)
      }
    default: nil
    }
  }

  func setAttribute(_ name: String, to value: Value) throws {
    guard ["title", "xlabel", "ylabel"].contains(name) else {
      throw LanguageError("a figure's title, xlabel and ylabel may be set, not '\(name)'")
    }
    guard let text = value.asString else {
      throw LanguageError("\(name) is a string, not \(value.typePhrase)")
    }
    switch name {
    case "title": figure.title = text
    case "xlabel": figure.xLabel = text
    default: figure.yLabel = text
    }
  }

  private func add(_ arguments: BoundArguments, _ session: Session) throws {
    guard case .line(var plot) = figure.content else {
      throw LanguageError("add() is for line plots, and this is a \(figure.summary)")
    }
    let curves = try session.curves(
      arguments.value("y"), name: try arguments.string("name"), x: arguments.value("x"),
      error: arguments.value("error"), marks: arguments.value("marks"), alongside: plot.series.first
    )
    let isSmoothed = try arguments.bool("smooth")
    for var curve in curves {
      curve.isSmoothed = curve.isSmoothed && isSmoothed
      plot.add(curve)
    }
    if curves.contains(where: { !$0.name.isEmpty }) { plot.legend = true }
    figure.content = .line(plot)
  }

  func display() throws -> Display { Display(text: representation(), figure: figure) }
}
