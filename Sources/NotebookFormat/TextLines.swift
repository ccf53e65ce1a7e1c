/// The lines of `text` with their ends, cut where Python's `str.splitlines` cuts: nbformat splits
/// multi-line strings so.
func linesWithEnds(of text: String) -> [String] {
  let scalars = text.unicodeScalars
  var lines: [String] = []
  var start = scalars.startIndex
  var index = start
  while index < scalars.endIndex {
    let scalar = scalars[index]
    index = scalars.index(after: index)
    guard isLineEnd(scalar) else { continue }
    if scalar == "\r", index < scalars.endIndex, scalars[index] == "\n" {
      index = scalars.index(after: index)
    }
    lines.append(String(scalars[start..<index]))
    start = index
  }
  if start < scalars.endIndex { lines.append(String(scalars[start...])) }
  return lines
}

private func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
  default: false
  }
}

extension String {
  /// Whether the text is nothing but spaces and tabs.
  var isBlank: Bool { utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

  /// The blank lines at the end, with the line end before them; all of a text that is nothing else.
  var blankTail: String {
    let kept = utf8.lastIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard let kept else { return self }
    // Spaces behind the last word belong to its line.
    let rest = self[utf8.index(after: kept)...]
    let end = rest.utf8.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? rest.utf8.endIndex
    return String(decoding: rest.utf8[end...], as: UTF8.self)
  }
}

/// The lines of a script, ended by `\n`, `\r\n` or `\r`, without their ends. A last empty line is
/// none.
func scriptLines(of text: String) -> [String] {
  var lines: [String] = []
  var line: [UInt8] = []
  var isAfterReturn = false
  for byte in text.utf8 {
    switch byte {
    case 0x0A where isAfterReturn: break
    case 0x0A, 0x0D:
      lines.append(String(decoding: line, as: UTF8.self))
      line.removeAll(keepingCapacity: true)
    default: line.append(byte)
    }
    isAfterReturn = byte == 0x0D
  }
  if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
  return lines
}
