import Evaluation
import Language

/// A table in the language: named columns, rows in order.
final class TableObject: HostObject, Displayable {
  let columns: [String]
  let rows: [[Value]]

  init(columns: [String], rows: [[Value]]) {
    self.columns = columns
    self.rows = rows
  }

  /// The table of a comparison.
  convenience init(_ comparison: [ComparisonRow]) {
    self.init(
      columns: ["name", "parameters", "bytes", "loss", "perplexity", "agreement", "kl"],
      rows: comparison.map {
        [
          .string($0.name), .int($0.parameters), .int($0.bytes), .float($0.loss),
          .float($0.perplexity), .float($0.agreement), .float($0.kl),
        ]
      })
  }

  var typeName: String { "table" }
  var attributeNames: [String] { ["columns", "rows"] }
  var itemNames: [String] { columns }

  func length() -> Int? { rows.count }

  func attribute(_ name: String) -> Value? {
    switch name {
    case "columns": .list(columns.map { .string($0) })
    case "rows": .list(rows.indices.map(row))
    default: nil
    }
  }

  func iterate() -> ValueIterator? { ValueIterator(rows.indices.map(row)) }

  /// `table["loss"]` is a column, `table[0]` a row as a dict.
  func item(_ index: Value) throws -> Value {
    if let name = index.asString {
      guard let column = columns.firstIndex(of: name) else {
        throw LanguageError("the table has no column '\(name)'\(didYouMean(name, columns))")
      }
      return .list(rows.map { $0[column] })
    }
    guard let number = try index.integer() else {
      throw LanguageError("a table is indexed by a column's name or a row's number")
    }
    let place = number < 0 ? number + rows.count : number
    guard rows.indices.contains(place) else {
      throw LanguageError("row \(number) is outside the table's \(rows.count) rows")
    }
    return row(place)
  }

  private func row(_ index: Int) -> Value {
    .dict(DictObject(Array(zip(columns, rows[index]))))
  }

  func representation() -> String { text(width: nil) }

  func representation(width: Int?) -> String { text(width: width) }

  private func text(width: Int?) -> String {
    let cells = [columns] + rows.map { $0.map(Self.shown) }
    return TextTable(cells: cells, isNumeric: columns.indices.map(isNumeric)).text(width: width)
  }

  func display() throws -> Display {
    func row(_ cells: [String], _ tag: String) -> String {
      let parts = cells.enumerated().map { column, cell in
        let style = isNumeric(column) ? "text-align: right" : "text-align: left"
        return "<\(tag) style=\"\(style)\">\(cell.escapedForHTML)</\(tag)>"
      }
      return "<tr>" + parts.joined() + "</tr>"
    }
    let body = rows.map { row($0.map(Self.shown), "td") }.joined(separator: "\n")
    return Display(
      text: representation(),
      html: "<table>\n<thead>\(row(columns, "th"))</thead>\n<tbody>\n\(body)\n</tbody>\n</table>")
  }

  private func isNumeric(_ column: Int) -> Bool {
    rows.first.map { $0[column].asDouble != nil } ?? false
  }

  private static func shown(_ value: Value) -> String {
    switch value {
    case .none: "-"
    case .int(let number): number.grouped
    case .float(let number): number.digits(4)
    default: (try? value.text()) ?? value.typeName
    }
  }
}
