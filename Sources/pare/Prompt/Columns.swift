/// Words laid out in columns that fill downwards, as `ls` shows them.
///
/// - Parameters:
///   - width: the columns of the terminal.
///   - most: how many words are shown before the rest are only counted.
func inColumns(_ words: [String], width: Int, most: Int = 200) -> String {
  let shown = words.prefix(most)
  let cell = (shown.map(\.count).max() ?? 0) + 2
  let columns = max(1, width / cell)
  let rows = (shown.count + columns - 1) / columns
  var lines = (0..<rows).map { row in
    stride(from: row, to: shown.count, by: rows).map { index in
      let isLast = index + rows >= shown.count
      let padding = isLast ? 0 : cell - shown[index].count
      return shown[index] + String(repeating: " ", count: padding)
    }.joined()
  }
  if words.count > most { lines.append("... and \(words.count - most) more") }
  return lines.map { $0 + "\n" }.joined()
}
