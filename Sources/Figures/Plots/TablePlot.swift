/// Rows of text under a head, ruled as papers do: above, below the head, and below.
public struct TablePlot: Sendable {
  /// The head.
  public let columns: [String]
  /// The rows, each as long as the head.
  public let rows: [[String]]
  /// Which columns hold numbers, which stand to the right.
  public let isNumeric: [Bool]

  /// A table.
  /// - Throws: `FigureError` for no columns, or rows of another length.
  public init(columns: [String], rows: [[String]], isNumeric: [Bool]) throws {
    guard !columns.isEmpty else { throw FigureError("a table needs at least one column") }
    guard !rows.isEmpty else { throw FigureError("the table has no rows to draw") }
    guard rows.allSatisfy({ $0.count == columns.count }), isNumeric.count == columns.count else {
      throw FigureError("a row of the table is not as long as its head of \(columns.count)")
    }
    self.columns = columns
    self.rows = rows
    self.isNumeric = isNumeric
  }
}
