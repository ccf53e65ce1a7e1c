import Figures
import Language

extension Session {
  /// grid.
  var gridFunctions: [BuiltinFunction] {
    [
      function(
        "grid", "figures, columns=None, share=None, title=\"\", letters=True",
        "Figures side by side as one, named a, b, c.",
        text:
          "columns: how many stand side by side, as the width suggests without. share: \"x\", \"y\" "
          + "or \"colors\", or a list of them: common axes, labelled at the edge, and one colour "
          + "bar for all heatmaps.",
        example: "grid([heatmap(scores.heads), line(run)], title=\"SmolLM2\")"
      ) { [unowned self] in try grid($0) }
    ]
  }

  private func grid(_ arguments: BoundArguments) throws -> Value {
    let figures = try arguments.list("figures").enumerated().map { index, value in
      guard case .object(let object) = value, let figure = (object as? FigureObject)?.figure else {
        throw LanguageError(
          "grid takes a list of figures, and item \(index) is \(value.typePhrase)")
      }
      return figure
    }
    let share = arguments.value("share")
    var names: [String] = []
    if let name = share.asString {
      names = [name]
    } else if !share.isNone {
      names = try share.elements().map { try $0.text() }
    }
    let shared = try names.map { name in
      guard let shared = GridPlot.Shared(rawValue: name) else {
        let choices = GridPlot.Shared.allCases.map(\.rawValue)
        throw LanguageError(
          "panels share 'x', 'y' or 'colors', not '\(name)'\(didYouMean(name, choices))")
      }
      return shared
    }
    let plot = try GridPlot(
      figures: figures, columns: try arguments.optionalInt("columns"), shared: Set(shared),
      hasLetters: try arguments.bool("letters"))
    return try figure(.grid(plot), arguments)
  }
}
