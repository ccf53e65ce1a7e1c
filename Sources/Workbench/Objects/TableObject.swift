import Evaluation
import Language

/// A table in the language: named columns, rows in order.
final class TableObject: DescribedObject, Displayable {
  let columns: [String]
  let rows: [[Value]]

  init(columns: [String], rows: [[Value]]) {
    self.columns = columns
    self.rows = rows
  }

  /// The table of dicts, a row each, their keys being the columns; a row has None where it has no
  /// such key.
  /// - Throws: `LanguageError` for an item that is no dict, or keys that are no strings.
  convenience init(records: [Value]) throws {
    var (columns, known) = ([String](), Set<String>())
    let dicts = try records.enumerated().map { index, value in
      guard case .dict(let dict) = value else {
        throw LanguageError("a table is made of dicts, and item \(index) is \(value.typePhrase)")
      }
      return dict
    }
    for (index, dict) in dicts.enumerated() {
      for (key, _) in dict.entries {
        guard let name = key.asString else {
          throw LanguageError(
            "the columns of a table are strings, and row \(index) has \(key.typePhrase)")
        }
        if known.insert(name).inserted { columns.append(name) }
      }
    }
    self.init(
      columns: columns,
      rows: try dicts.map { dict in
        try columns.map { try dict.value(for: .string($0)) ?? .none }
      })
  }

  /// The table of a comparison, its models under these names.
  convenience init(_ comparison: [ComparisonRow], names: [String]) {
    self.init(
      columns: ["name", "parameters", "bytes", "loss", "perplexity", "agreement", "kl"],
      rows: zip(names, comparison).map { name, row in
        [
          .string(name), .int(row.parameters), .int(row.bytes), .float(row.loss),
          .float(row.perplexity), .float(row.agreement), .float(row.kl),
        ]
      })
  }

  /// What is shown of the table: columns that hold nothing but `None` are left out.
  private func visible() -> TableObject {
    let kept = columns.indices.filter { column in
      rows.isEmpty || rows.contains { !$0[column].isNone }
    }
    return TableObject(
      columns: kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
  }

  var typeName: String { "table" }
  static let attributeTexts: KeyValuePairs = [
    "columns": "The names of the columns.",
    "rows": "The rows as dicts.",
  ]
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
        throw LanguageError(
          "the table has no column '\(name)'\(didYouMean(name, columns)); it has "
            + columns.joined(separator: ", "))
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

  func representation() -> String { visible().text(width: nil) }

  func representation(width: Int?) -> String { visible().text(width: width) }

  private func text(width: Int?) -> String {
    let cells = [columns] + rows.map { $0.map(Self.shown) }
    return TextTable(cells: cells, isNumeric: columns.indices.map(isNumeric)).text(width: width)
  }

  func display() throws -> Display {
    let visible = visible()
    return Display(text: visible.text(width: nil), html: visible.html())
  }

  private func html() -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      let parts = cells.enumerated().map { column, cell in
        let style = isNumeric(column) ? "text-align: right" : "text-align: left"
        return "<\(tag) style=\"\(style)\">\(cell.escapedForHTML)</\(tag)>"
      }
      return "<tr>" + parts.joined() + "</tr>"
    }
    let body = rows.map { row($0.map(Self.shown), "td") }.joined(separator: "\n")
    return "<table>\n<thead>\(row(columns, "th"))</thead>\n<tbody>\n\(body)\n</tbody>\n</table>"
  }

  private func isNumeric(_ column: Int) -> Bool {
    let values = rows.map { $0[column] }.filter { !$0.isNone }
    return !values.isEmpty && values.allSatisfy { $0.asDouble != nil }
  }

  private static func shown(_ value: Value) -> String {
    switch value {
    case .none: "-"
    case .int(let number): number.grouped
    case .float(let number): number.readable
    default: (try? value.text()) ?? value.typeName
    }
  }
}

extension BoundArguments {
  /// A table, or what a list of dicts makes of one.
  /// - Throws: `LanguageError` naming the parameter.
  func table(_ name: String, expected: String = "a table or a list of dicts") throws -> TableObject
  {
    guard case .list = value(name) else {
      return try object(name, as: TableObject.self, expected: expected)
    }
    do {
      return try TableObject(records: value(name).elements())
    } catch let error as LanguageError {
      throw LanguageError("\(name): \(error.message)")
    }
  }
}
