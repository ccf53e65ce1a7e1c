extension Notebook {
  /// The notebook as a percent script: each cell behind its marker, markdown and raw text as
  /// comments, a blank line between. Outputs, ids and the notebook's metadata stay out.
  ///
  /// A line of a cell that would itself read as a marker gets one more `# `, which reading removes.
  public var scriptText: String {
    cells.map { cell in
      ([ScriptMarker(cell).line] + body(of: cell)).map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }

  private func body(of cell: Cell) -> [String] {
    var lines = scriptLines(of: cell.source)
    if let last = cell.source.utf8.last, last == 0x0A || last == 0x0D { lines.append("") }
    if cell.kind == .code {
      while lines.last?.isBlank == true { lines.removeLast() }
    } else {
      lines = lines.map { $0.isEmpty ? "#" : "# " + $0 }
    }
    return lines.map { line in
      ScriptMarker.isMarker(line) || ScriptMarker.isQuotedMarker(line) ? "# " + line : line
    }
  }
}
