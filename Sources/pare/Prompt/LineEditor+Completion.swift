internal import CReadline

extension LineEditor {
  private static let indentation = "    "

  /// Tab: indents at the start of a line; elsewhere completes as far as the proposals agree, and
  /// when pressed again lists them.
  func tab() -> Int32 {
    let (before, _) = linesAroundCursor
    if before.last?.allSatisfy({ $0 == " " }) ?? true {
      dropAddedIndentation()
      rl_insert_text(Self.indentation)
      return 0
    }
    let cell = text
    let cursor = Int(pare_rl_point())
    let proposals = TabProposals(for: cell, at: cursor, in: session)
    guard !proposals.texts.isEmpty else { return rl_ding() }
    let typed = Array(cell.utf8)[proposals.range]
    let common = proposals.commonStart
    if common.utf8.count > typed.count || proposals.texts.count == 1 {
      replace(proposals.range, with: common)
    } else if let lastTab, lastTab.cursor == cursor, lastTab.cell.elementsEqual(cell.utf8) {
      list(proposals)
    }
    lastTab = (Array(text.utf8), Int(pare_rl_point()))
    return 0
  }

  /// Puts text in place of a part of the cell.
  func replace(_ range: Range<Int>, with text: String) {
    rl_begin_undo_group()
    rl_delete_text(Int32(range.lowerBound), Int32(range.upperBound))
    move(to: range.lowerBound)
    rl_insert_text(text)
    rl_end_undo_group()
  }

  /// Shows the proposals below the cell and draws the cell again under them.
  private func list(_ proposals: TabProposals) {
    let point = pare_rl_point()
    pare_rl_set_point(pare_rl_end())
    ContinuationPrompt.redisplay()
    var (rows, columns): (Int32, Int32) = (0, 0)
    rl_get_screen_size(&rows, &columns)
    // The cell itself is to stay in sight.
    let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
    let shown = proposals.listed(
      width: columns > 0 ? Int(columns) : 80, height: Int(rows) - lines - 2)
    pare_rl_write("\n" + shown)
    pare_rl_set_point(point)
    rl_on_new_line()
  }
}
