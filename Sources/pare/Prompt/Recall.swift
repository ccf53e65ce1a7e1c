/// Earlier cells as Up and Down bring them back: those that begin as the text did.
///
/// The beginning that is looked for is what stood before the cursor when the walk began; it holds
/// until the text is changed by hand.
struct Recall {
  private var cells: [String] = []
  private var prefix = ""
  /// What was typed before the walk began.
  private var draft = ""
  private var position = 0
  private var shown: String?

  /// Adds the newest cell and ends the walk.
  mutating func append(_ cell: String) {
    cells.append(cell)
    shown = nil
  }

  /// Ends the walk.
  mutating func reset() { shown = nil }

  /// The next older cell to show in place of `text`; nil where there is none.
  ///
  /// - Parameter typed: the part of the text before the cursor.
  mutating func older(than text: String, typed: String) -> String? {
    if !isShown(text) {
      prefix = typed
      draft = text
      position = cells.count
    }
    return step(by: -1, from: text)
  }

  /// The next newer cell, at last what was typed; nil where the walk has not begun.
  mutating func newer(than text: String) -> String? {
    guard isShown(text) else { return nil }
    return step(by: 1, from: text)
  }

  /// Whether the text is an earlier cell as it was brought back.
  func isShown(_ text: String) -> Bool {
    shown.map { $0.utf8.elementsEqual(text.utf8) } ?? false
  }

  private mutating func step(by direction: Int, from text: String) -> String? {
    var index = position + direction
    while cells.indices.contains(index) {
      let cell = cells[index]
      if cell.utf8.starts(with: prefix.utf8), !cell.utf8.elementsEqual(text.utf8) {
        position = index
        shown = cell
        return cell
      }
      index += direction
    }
    guard direction > 0 else { return nil }
    position = cells.count
    shown = nil
    return draft
  }
}
