import Figures
import Language

extension Session {
  /// table_figure, latex.
  var tableFunctions: [BuiltinFunction] {
    [
      function(
        "table_figure", "table, columns=None, digits=3, title=\"\"",
        "A table as a figure, ruled as papers do.",
        text:
          "table: what compare gives, or a list of dicts. columns: which ones, in order, "
          + "or a dict of what they are called instead. digits: those "
          + "behind the point.",
        example: "table_figure(compare(teacher, student, tokens=data))"
      ) { [unowned self] arguments in
        let table = try paperTable(arguments)
        let plot = try TablePlot(
          columns: table.heads, rows: table.rows, isNumeric: table.isNumeric)
        return try figure(.table(plot), arguments)
      },
      function(
        "latex", "table, columns=None, digits=3, caption=\"\", label=\"\"",
        "A table as LaTeX with the rules of booktabs.",
        text:
          "table, columns and digits as in table_figure. With a caption or a label it stands in a table "
          + "environment. save(table, \"x.tex\") writes it without.",
        example: "print(latex(compare(teacher, student, tokens=data), caption=\"SmolLM2\"))"
      ) { [unowned self] arguments in
        .string(
          try paperTable(arguments).latex(
            caption: try arguments.string("caption"), label: try arguments.string("label")))
      },
    ]
  }

  private func paperTable(_ arguments: BoundArguments) throws -> PaperTable {
    let table = try arguments.table("table")
    let digits = try arguments.int("digits")
    guard (0...15).contains(digits) else {
      throw LanguageError("digits is 0 to 15, not \(digits)")
    }
    var chosen: [(column: String, head: String)]?
    switch arguments.value("columns") {
    case .none: break
    case .dict(let dict): chosen = try dict.entries.map { (try $0.text(), try $1.text()) }
    default:
      chosen = try arguments.texts("columns")?.map { ($0, PaperTable.head(of: $0, in: table)) }
    }
    return try PaperTable(table, columns: chosen, digits: digits)
  }
}
