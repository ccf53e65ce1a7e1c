import JSONFormat

/// The line that begins a cell of a percent script: `# %% title [markdown] key=JSON …`, or one JSON
/// object in place of the keys.
struct ScriptMarker {
  var kind = Cell.Kind.code
  var metadata = JSONObject()

  private static let title = "title"
  /// The option that holds the blank lines and spaces that a code cell ends with, since a script's
  /// cells end with their last line that is none.
  static let tail = "pare_tail"

  /// Whether a line is a marker: `# %%` or `#%%`, more percent signs for nested cells, then a space
  /// or the end. `# %%time` is a comment.
  static func isMarker(_ line: some StringProtocol) -> Bool { options(of: line) != nil }

  /// Whether a line is a marker behind one or more further `# `.
  static func isQuotedMarker(_ line: some StringProtocol) -> Bool {
    var rest = line.utf8[...]
    while rest.starts(with: "# ".utf8), options(ofBytes: rest) == nil { rest = rest.dropFirst(2) }
    return rest.startIndex != line.utf8.startIndex && options(ofBytes: rest) != nil
  }

  /// What stands behind the percent signs; nil where the line is no marker.
  private static func options(of line: some StringProtocol) -> [UInt8]? {
    options(ofBytes: line.utf8)
  }

  private static func options(ofBytes line: some Collection<UInt8>) -> [UInt8]? {
    guard line.first == UInt8(ascii: "#") else { return nil }
    var rest = line.dropFirst()
    if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    let percents = rest.prefix { $0 == UInt8(ascii: "%") }.count
    rest = rest.dropFirst(percents)
    guard percents >= 2, rest.first.map(isSpace) ?? true else { return nil }
    return Array(rest)
  }
}

// MARK: Reading

extension ScriptMarker {
  /// Reads a marker; nil where `line` is none.
  /// - Throws: `NotebookError` naming the line and the option at fault.
  init?(_ line: String, number: Int) throws {
    guard let bytes = Self.options(of: line) else { return nil }
    var titleWords: [String] = []
    var rest = bytes[...]
    while true {
      rest = rest.drop(while: isSpace)
      guard let first = rest.first else { break }
      if let name = Self.optionName(rest) {
        let value = Self.value(rest.dropFirst(name.utf8.count + 1))
        metadata[name] = try Self.json(value, of: name, line: number)
        rest = rest.dropFirst(name.utf8.count + 1 + value.count)
      } else if first == UInt8(ascii: "{") {
        let value = Self.value(rest)
        for member in try Self.json(value, of: "the cell", line: number).object?.members ?? [] {
          metadata[member.key] = member.value
        }
        rest = rest.dropFirst(value.count)
      } else {
        let word = String(decoding: rest.prefix { !isSpace($0) }, as: UTF8.self)
        rest = rest.dropFirst(word.utf8.count)
        if let kind = Self.kinds[word] { self.kind = kind } else { titleWords.append(word) }
      }
    }
    if !titleWords.isEmpty { metadata[Self.title] = .string(titleWords.joined(separator: " ")) }
    try checkTags(line: number)
  }

  private static let kinds: [String: Cell.Kind] = [
    "[markdown]": .markdown, "[md]": .markdown, "[raw]": .raw,
  ]

  /// The name before an equals sign.
  private static func optionName(_ bytes: ArraySlice<UInt8>) -> String? {
    let name = bytes.prefix(while: isNameByte)
    guard !name.isEmpty, bytes.dropFirst(name.count).first == UInt8(ascii: "=") else { return nil }
    return String(decoding: name, as: UTF8.self)
  }

  /// The bytes up to the first space outside quotes and brackets.
  private static func value(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    return bytes.prefix { byte in
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        isEscaped = byte == UInt8(ascii: "\\")
        isQuoted = byte != UInt8(ascii: "\"")
      } else {
        switch byte {
        case UInt8(ascii: "\""): isQuoted = true
        case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
        default: if depth <= 0, isSpace(byte) { return false }
        }
      }
      return true
    }
  }

  private static func json(_ bytes: ArraySlice<UInt8>, of name: String, line: Int) throws -> JSON {
    do {
      return try JSON(reading: Array(bytes))
    } catch {
      throw NotebookError(
        "line \(line): the value of \(name) on a cell's marker is not JSON: "
          + "\"\(String(decoding: bytes.prefix(60), as: UTF8.self))\"")
    }
  }

  private func checkTags(line: Int) throws {
    guard let tags = metadata["tags"] else { return }
    guard let tags = tags.array, tags.allSatisfy({ $0.string != nil }) else {
      throw NotebookError(
        "line \(line): tags must be a list of strings, such as tags=[\"parameters\"]")
    }
  }
}

// MARK: Writing

extension ScriptMarker {
  /// What only the last run or the screen knows stays out of scripts.
  private static let passing = ["collapsed", "scrolled", "trusted", "execution", Notebook.runKey]

  /// The marker of a cell.
  init(_ cell: Cell) {
    kind = cell.kind
    metadata = cell.metadata
    for key in Self.passing { metadata[key] = nil }
    let tail = cell.source.blankTail
    metadata[Self.tail] = kind == .code && !tail.isEmpty ? .string(tail) : nil
  }

  /// The marker's line without its end.
  var line: String {
    var parts = ["# %%"]
    var metadata = metadata
    if let title = metadata[Self.title]?.string, Self.isPlain(title) {
      parts.append(title)
      metadata[Self.title] = nil
    }
    if kind != .code { parts.append("[\(kind.rawValue)]") }
    if metadata.keys.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isNameByte) }) {
      parts += metadata.members.map { "\($0.key)=\($0.value.text())" }
    } else {
      parts.append(JSON.object(metadata).text())
    }
    return parts.joined(separator: " ")
  }

  /// Whether a title reads back as itself.
  private static func isPlain(_ title: String) -> Bool {
    let words = title.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    return words.allSatisfy { word in
      guard let first = word.first else { return false }
      let isText = word.allSatisfy { $0 > 0x20 && $0 != 0x7F }
      return isText && optionName(ArraySlice(word)) == nil
        && first != UInt8(ascii: "{") && first != UInt8(ascii: "[")
    }
  }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
    UInt8(ascii: "-"):
    true
  default: false
  }
}
