/// Words laid out in columns that fill downwards, as `ls` shows them.
///
/// - Parameters:
///   - width: the columns of the terminal.
///   - height: its rows; words that do not fit are only counted.
func inColumns(_ words: [String], width: Int, height: Int) -> String {
  // The last column of a terminal stays empty: what reaches it may wrap.
  let words = words.map { $0.elided(to: width - 1) }
  let cell = (words.map(\.count).max() ?? 0) + 2
  let columns = max(1, (width + 1) / cell)
  let most = columns * max(1, height)
  let shown = words.prefix(most)
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

extension String {
  /// The text, its end as `…` where it has more than `width` characters.
  func elided(to width: Int) -> String {
    count > max(1, width) ? prefix(max(0, width - 1)) + "…" : self
  }
}
