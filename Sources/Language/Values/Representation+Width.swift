extension HostObject {
  /// The representation, its lines broken at spaces where they have more than `width` characters.
  public func representation(width: Int?) throws -> String {
    let text = try representation()
    return width.map { text.folded(to: $0) } ?? text
  }
}

extension Value {
  /// What a cell shows that ends in the value: its representation, where `width` is given with
  /// lists, tuples and dicts broken at commas so that lines have at most so many characters.
  ///
  /// - Throws: as `representation()`.
  public func shown(width: Int?) throws -> String {
    let whole = try representation(width: width)
    guard let width, whole.unicodeScalars.count > width, hasElements else { return whole }
    var open: Set<ObjectIdentifier> = []
    return try broken(width: width, indent: 0, &open)
  }

  private var hasElements: Bool {
    switch self {
    case .list, .tuple, .dict: true
    default: false
    }
  }

  /// The deepest container that is broken; what is inside it stays on its line.
  private static let deepestBreak = 8

  /// - Parameter open: the containers that are being broken: one inside itself stays on its line.
  private func broken(
    width: Int, indent: Int, _ open: inout Set<ObjectIdentifier>
  ) throws -> String {
    let room = max(1, width - indent)
    let whole = try representation(width: room)
    if whole.unicodeScalars.count <= room || indent >= Self.deepestBreak { return whole }
    guard let container, open.insert(ObjectIdentifier(container)).inserted else { return whole }
    defer { open.remove(ObjectIdentifier(container)) }
    switch self {
    case .list(let list):
      return "[" + (try Self.flow(list.elements, width, indent + 1, &open)) + "]"
    case .tuple(let tuple):
      let comma = tuple.count == 1 ? "," : ""
      return "(" + (try Self.flow(tuple.elements, width, indent + 1, &open)) + comma + ")"
    case .dict(let dict):
      var parts: [String] = []
      var length = 0
      for (key, value) in dict.entries {
        let name = try key.representation() + ": "
        let inner = try value.broken(
          width: width - name.unicodeScalars.count, indent: indent + 1, &open)
        parts.append(name + inner)
        length += name.utf8.count + inner.utf8.count
        try Limits.check(bytes: length)
      }
      // One entry a line, as its value may have several.
      return "{" + parts.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "}"
    default: return whole
    }
  }

  /// What tells a value that holds others from its equals.
  private var container: Container? {
    switch self {
    case .list(let list): list
    case .tuple(let tuple): tuple.storage
    case .dict(let dict): dict
    default: nil
    }
  }

  /// Elements one behind the other, a new line where the next one does not fit.
  private static func flow(
    _ elements: [Value], _ width: Int, _ indent: Int, _ open: inout Set<ObjectIdentifier>
  ) throws -> String {
    var text = ""
    var column = indent
    for (index, element) in elements.enumerated() {
      try Limits.check(bytes: text.utf8.count)
      let isLast = index == elements.count - 1
      let part = try element.broken(width: width, indent: indent, &open) + (isLast ? "" : ",")
      let length = part.unicodeScalars.count
      if index > 0 {
        let fits = !part.contains("\n") && column + 1 + length <= width - (isLast ? 1 : 0)
        text += fits ? " " : "\n" + String(repeating: " ", count: indent)
        column = fits ? column + 1 : indent
      }
      text += part
      column = part.contains("\n") ? width : column + length
    }
    return text
  }
}

extension String {
  /// The text with its lines broken at spaces where they have more than `width` characters; what
  /// goes on in a new line is indented by two.
  public func folded(to width: Int) -> String {
    guard unicodeScalars.count > width else { return self }
    return split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { Self.folded($0, to: width) }.joined(separator: "\n")
  }

  private static func folded(_ line: Substring, to width: Int) -> String {
    guard line.unicodeScalars.count > width else { return String(line) }
    var lines: [String] = []
    var text = ""
    for (index, word) in line.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      let length = text.unicodeScalars.count + 1 + word.unicodeScalars.count
      if text.contains(where: { $0 != " " }), length > width {
        while text.last == " " { text.removeLast() }
        lines.append(text)
        text = "  " + word
      } else {
        text += (index == 0 ? "" : " ") + word
      }
    }
    return (lines + [text]).joined(separator: "\n")
  }
}
