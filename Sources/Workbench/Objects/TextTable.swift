/// Rows of cells as lines of text: columns aligned, numbers to the right.
struct TextTable {
  /// The header and the rows, each with a cell for every column.
  let cells: [[String]]
  /// Which columns hold numbers.
  let isNumeric: [Bool]

  private static let gap = "  "

  /// The lines, of at most `width` characters; nil: as long as they are.
  ///
  /// Columns for which there is no room follow in blocks of their own, each after the first column
  /// again. Cells wider than a block end in `…`.
  func text(width: Int?) -> String {
    let natural = isNumeric.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    guard let width, lineLength(natural) > width else {
      return block(Array(isNumeric.indices), natural)
    }
    // The first column names the rows: it leaves room for others.
    let nameWidth = min(natural[0], max(1, (width - Self.gap.count) / 2))
    let most = width - nameWidth - Self.gap.count
    let widths = [nameWidth] + natural.dropFirst().map { min($0, max(1, most)) }
    var blocks: [[Int]] = []
    var columns = [0]
    for column in 1..<widths.count {
      if columns.count > 1, lineLength((columns + [column]).map { widths[$0] }) > width {
        blocks.append(columns)
        columns = [0]
      }
      columns.append(column)
    }
    blocks.append(columns)
    return blocks.map { block($0, widths) }.joined(separator: "\n\n")
  }

  private func lineLength(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + Self.gap.count * max(0, widths.count - 1)
  }

  private func block(_ columns: [Int], _ widths: [Int]) -> String {
    cells.map { row in
      columns.map { column in
        let cell =
          row[column].count > widths[column]
          ? row[column].prefix(widths[column] - 1) + "…" : row[column][...]
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return isNumeric[column] ? padding + cell : cell + padding
      }
      .joined(separator: Self.gap).trimmingTrailingSpaces
    }
    .joined(separator: "\n")
  }
}
