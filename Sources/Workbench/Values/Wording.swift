/// A count with its noun: `1 call`, `2 calls`, `1,000 calls`.
package func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count.grouped) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// Names with what each means, the meanings below each other.
func columns(_ lines: [(name: String, summary: String)]) -> String {
  let width = lines.map(\.name.count).max() ?? 0
  return lines.map { line in
    let padding = String(repeating: " ", count: width - line.name.count + 2)
    return line.name + padding + line.summary
  }
  .joined(separator: "\n")
}

/// A page of help: what is called how, what it does, the rest, an example.
func helpPage(_ heading: String, summary: String, text: String, example: String) -> String {
  var parts = [heading, "", summary]
  if !text.isEmpty { parts += ["", text.wrapped(to: 88)] }
  if !example.isEmpty { parts += ["", "    " + example] }
  return parts.joined(separator: "\n")
}

extension String {
  /// The text in lines of at most `width` characters, broken at spaces.
  fileprivate func wrapped(to width: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
