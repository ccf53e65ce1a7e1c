import JSONFormat

extension Notebook {
  /// Reads a script whose cells begin with percent markers (`# %%`, `# %% [markdown]`,
  /// `# %% tags=["parameters"]`), as jupytext writes them.
  ///
  /// What stands before the first marker is a code cell. Blank lines at a cell's end and a header
  /// that jupytext wrote are dropped. Ids are made from the cells' positions.
  /// - Throws: `NotebookError` naming the line at fault.
  public init(script bytes: [UInt8]) throws {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    guard let text = String(validating: bytes.dropFirst(hasMark ? 3 : 0), as: UTF8.self) else {
      throw NotebookError("not a script: line \(Self.invalidLine(of: bytes)) is not UTF-8")
    }
    try self.init(script: text)
  }

  /// Reads a script, as `init(script:)` of bytes does.
  /// - Throws: `NotebookError` naming the line at fault.
  public init(script text: String) throws {
    let lines = scriptLines(of: text)
    var cells: [Cell] = []
    var identifiers = CellIdentifiers()
    var marker: ScriptMarker?
    var body: [String] = []

    func endCell() {
      while body.last?.isBlank == true { body.removeLast() }
      if marker == nil, body.isEmpty { return }
      var begin = marker ?? ScriptMarker()
      let kept = begin.metadata[ScriptMarker.tail]?.string ?? ""
      // A cell's blank end; code that no reader of the script sees is not taken from there.
      let tail = kept.allSatisfy(\.isWhitespace) ? kept : ""
      begin.metadata[ScriptMarker.tail] = nil
      let plain = body.map { ScriptMarker.isQuotedMarker($0) ? String($0.dropFirst(2)) : $0 }
      let source = begin.kind == .code ? plain : uncommented(plain)
      cells.append(
        Cell(
          id: identifiers.claim(position: cells.count), kind: begin.kind,
          source: source.joined(separator: "\n") + tail, metadata: begin.metadata))
    }

    for index in Self.headerLength(lines)..<lines.count {
      if let next = try ScriptMarker(lines[index], number: index + 1) {
        endCell()
        marker = next
        body = []
      } else {
        body.append(lines[index])
      }
    }
    endCell()
    self.init(cells: cells)
  }

  /// The lines of the YAML header that jupytext puts between two `# ---`; 0 without one.
  private static func headerLength(_ lines: [String]) -> Int {
    guard lines.first == "# ---",
      let end = lines.dropFirst().firstIndex(of: "# ---"),
      lines[..<end].contains(where: { $0.hasPrefix("# jupyter:") })
    else { return 0 }
    let next = end + 1
    return next < lines.count && lines[next].isEmpty ? next + 1 : next
  }

  private static func invalidLine(of bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
    return (index ?? 0) + 1
  }
}

/// The text of a markdown or raw cell: comments without their signs, or the inside of a string in
/// triple quotes, or the lines as they are.
private func uncommented(_ lines: [String]) -> [String] {
  let isCommented = lines.allSatisfy { $0.isEmpty || $0.utf8.first == UInt8(ascii: "#") }
  if isCommented {
    return lines.map { line in
      let rest = line.unicodeScalars.dropFirst()
      return String(rest.first == " " ? rest.dropFirst() : rest)
    }
  }
  let quotes = "\"\"\""
  guard lines.count >= 2, lines.first == quotes, lines.last == quotes else { return lines }
  return Array(lines[1..<(lines.count - 1)])
}
