import Figures
import Foundation
import Language

/// A table as papers print it: its numbers with the same digits down a column, its columns with
/// names in words.
struct PaperTable {
  let heads: [String]
  let rows: [[String]]
  let isNumeric: [Bool]

  /// - Parameters:
  ///   - columns: which ones, with what they are called; nil: all that hold anything.
  ///   - digits: those behind the point.
  /// - Throws: `LanguageError` for a column that is not there.
  init(_ table: TableObject, columns: [(column: String, head: String)]? = nil, digits: Int = 3)
    throws
  {
    let all = table.columns.filter { name in
      table.rows.isEmpty
        || table.rows.contains { !$0[table.columns.firstIndex(of: name) ?? 0].isNone }
    }
    guard !table.columns.isEmpty else { throw LanguageError("table has no columns") }
    let chosen =
      columns ?? (all.isEmpty ? table.columns : all).map { ($0, Self.head(of: $0, in: table)) }
    let values = try chosen.map { try table.item(.string($0.column)).elements() }
    heads = chosen.map(\.head)
    isNumeric = values.map { column in
      let there = column.filter { !$0.isNone }
      return !there.isEmpty && there.allSatisfy { $0.asDouble != nil }
    }
    let texts = try values.map { column in
      try column.map { try Self.text(of: $0, digits: digits) }
    }
    rows = table.rows.indices.map { row in texts.map { $0[row] } }
  }

  /// The name of a column in words: `val_loss` is "Val loss", and what has parameters is a model. One
  /// with mathematics stays.
  static func head(of column: String, in table: TableObject) -> String {
    if column.contains("$") { return column }
    let short = ["kl": "KL", "ffn": "FFN", "lm_loss": "LM loss", "lr": "LR"]
    if let head = short[column] { return head }
    if column == "name", table.columns.contains("parameters") { return "Model" }
    let words = column.replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  private static func text(of value: Value, digits: Int) throws -> String {
    switch value {
    case .none: return "–"
    case .bool, .string: return try value.text()
    case .int(let number): return number.grouped
    default: break
    }
    guard case .float(let number) = value else { return try value.text() }
    if !number.isFinite { return number.isNaN ? "NaN" : number < 0 ? "−∞" : "∞" }
    let least = pow(10, -Double(digits)) / 2
    if number == 0 || (least..<1e6).contains(number.magnitude) {
      let text = number.digits(digits)
      let whole = text.prefix { $0 != "." }
      // Commas from thousands on, as in whole numbers.
      let grouped = Int(whole).map { abs($0) >= 1000 ? $0.grouped : String(whole) }
      return ((grouped ?? String(whole)) + text.dropFirst(whole.count)).replacing("-", with: "−")
    }
    let parts = String(format: "%.\(max(digits - 1, 0))e", number).split(separator: "e")
    return "$\(parts[0].replacing("-", with: "−")) \\times 10^{\(Int(parts[1]) ?? 0)}$"
  }

  // MARK: LaTeX

  /// The table as LaTeX; in a `table` environment where there is a caption or a label.
  func latex(caption: String = "", label: String = "") -> String {
    let alignment = isNumeric.map { $0 ? "r" : "l" }.joined()
    func line(_ cells: [String]) -> String {
      cells.map(Self.escaped).joined(separator: " & ") + " \\\\"
    }
    var lines =
      ["\\begin{tabular}{\(alignment)}", "\\toprule", line(heads), "\\midrule"] + rows.map(line)
      + ["\\bottomrule", "\\end{tabular}"]
    guard !caption.isEmpty || !label.isEmpty else { return lines.joined(separator: "\n") }
    if !caption.isEmpty { lines.append("\\caption{\(Self.escaped(caption))}") }
    if !label.isEmpty { lines.append("\\label{\(label)}") }
    lines = ["\\begin{table}", "\\centering"] + lines + ["\\end{table}"]
    return lines.joined(separator: "\n")
  }

  /// Text as LaTeX sets it; mathematics between dollar signs stays.
  static func escaped(_ text: String) -> String {
    MathText.parts(of: text[...]).map { part in
      part.isMath
        ? "$" + part.text.replacing("−", with: "-") + "$"
        : plain(part.text.replacing("\\$", with: "$")[...])
    }.joined()
  }

  private static func plain(_ text: Substring) -> String {
    let signs: [Character: String] = [
      "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
      "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "–": "--", "−": "$-$",
      "×": "$\\times$", "±": "$\\pm$", "∞": "$\\infty$", "\n": " ", "\r\n": " ",
    ]
    return text.map { character in
      "&%$#_{}".contains(character) ? "\\\(character)" : signs[character] ?? "\(character)"
    }.joined()
  }
}
