import Language

extension Session {
  /// %history.
  var historyMagics: [Magic] {
    [
      Magic(
        "history", "[n]", "Prints the cells of this session with their numbers.",
        text: "With a number the last n cells alone. In[n] is the text of a cell, Out[n] the value "
          + "that it showed.",
        example: "%history 10"
      ) { [unowned self] arguments in
        let cells = zip(1..., earlierInputs).map { (offset: $0, element: $1) }
        var count = cells.count
        if !arguments.isEmpty {
          guard let asked = Int(arguments), asked > 0 else {
            throw LanguageError("%history takes how many cells to print, as in %history 10")
          }
          count = min(asked, count)
        }
        let shown = cells.suffix(count)
        let width = shown.last.map { String($0.offset).count } ?? 1
        output(
          .printed(shown.map { Self.entry($0.element, number: $0.offset, width: width) }.joined()))
        return nil
      }
    ]
  }

  /// A cell behind its number, further lines below its first.
  private static func entry(_ cell: String, number: Int, width: Int) -> String {
    let digits = String(number)
    let margin = String(repeating: " ", count: width + 2)
    var lines = cell.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while lines.count > 1, lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines.enumerated().map { position, line in
      let start =
        position == 0 ? String(repeating: " ", count: width - digits.count) + digits + "  " : margin
      return (start + line).trimmingTrailingSpaces + "\n"
    }
    .joined()
  }
}
