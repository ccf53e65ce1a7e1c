extension Value {
  /// What `repr(x)` gives.
  ///
  /// - Parameter width: the columns that the host's objects may take; nil: as many as they like.
  /// - Throws: what a host's object throws; `LanguageError` where the text would be too long.
  public func representation(width: Int? = nil) throws -> String {
    var writer = RepresentationWriter(width: width)
    try writer.write(self)
    return writer.text
  }

  /// What `str(x)` and `print` give: a string as it is, anything else as `repr`.
  /// - Throws: as `representation()`.
  public func text(width: Int? = nil) throws -> String {
    if case .string(let value) = self { return value }
    return try representation(width: width)
  }

  /// The beginning of the representation, at most so many characters.
  /// - Throws: as `representation()`.
  public func representation(cutAt most: Int) throws -> String {
    var writer = RepresentationWriter(width: nil, most: most * 4)
    try writer.write(self)
    let text = writer.text
    return text.count > most ? String(text.prefix(most - 3)) + "..." : text
  }

  /// The representation cut to some forty characters, for errors and help.
  var shortRepresentation: String { (try? representation(cutAt: 40)) ?? "<\(typeName)>" }
}

private struct RepresentationWriter {
  let width: Int?
  var text = ""
  /// The containers that are being written: a list inside itself shows as `[...]`.
  private var open: [ObjectIdentifier] = []
  /// The bytes after which nothing more is written; nil: there is no end but memory's.
  private let most: Int?

  init(width: Int?, most: Int? = nil) {
    self.width = width
    self.most = most
  }

  private var isFull: Bool { most.map { text.utf8.count > $0 } ?? false }

  mutating func write(_ value: Value) throws {
    if isFull { return }
    try Limits.check(bytes: text.utf8.count)
    switch value {
    case .none: text += "None"
    case .bool(let value): text += value ? "True" : "False"
    case .int(let value): text += String(value)
    case .float(let value): text += FloatText.representation(value)
    case .string(let value):
      let shown = most.map { String(value.prefix($0)) } ?? value
      text += StringLiteral.quoted(shown)
    case .list(let list):
      try enter(list, "[...]") { writer in
        writer.text += "["
        try writer.writeList(list.elements)
        writer.text += "]"
      }
    case .tuple(let tuple):
      try enter(tuple.storage, "(...)") { writer in
        writer.text += "("
        try writer.writeList(tuple.elements)
        writer.text += tuple.count == 1 ? ",)" : ")"
      }
    case .dict(let dict): try enter(dict, "{...}") { try $0.write(dict) }
    case .range(let range):
      let step = range.step == 1 ? "" : ", \(range.step)"
      text += "range(\(range.start), \(range.stop)\(step))"
    case .slice(let slice):
      text += "slice("
      try writeList([slice.start, slice.stop, slice.step])
      text += ")"
    case .ellipsis: text += "Ellipsis"
    case .function(let function): text += "<function \(function.name)>"
    case .builtin(let function):
      text +=
        function.isType ? "<class '\(function.name)'>" : "<built-in function \(function.name)>"
    case .object(let object): text += try object.representation(width: width)
    }
  }

  private mutating func enter(
    _ object: Container, _ placeholder: String,
    _ body: (inout RepresentationWriter) throws -> Void
  ) throws {
    let identity = ObjectIdentifier(object)
    if open.contains(identity) {
      text += placeholder
      return
    }
    if open.count >= Limits.nesting {
      throw LanguageError("the value is nested too deeply to be shown")
    }
    open.append(identity)
    try body(&self)
    open.removeLast()
  }

  private mutating func writeList(_ elements: [Value]) throws {
    for (index, element) in elements.enumerated() {
      if isFull { return }
      if index > 0 { text += ", " }
      try write(element)
    }
  }

  private mutating func write(_ dict: DictObject) throws {
    text += "{"
    for (index, entry) in dict.entries.enumerated() {
      if isFull { return }
      if index > 0 { text += ", " }
      try write(entry.key)
      text += ": "
      try write(entry.value)
    }
    text += "}"
  }
}

/// Strings as source text.
enum StringLiteral {
  /// Python's `repr`: single quotes unless the text holds some and no double ones.
  static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
    var result = String.UnicodeScalarView()
    result.append(quote)
    for scalar in scalars {
      switch scalar {
      case "\\", quote:
        result.append("\\")
        result.append(scalar)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      default:
        if isPrintable(scalar) {
          result.append(scalar)
        } else {
          result.append(contentsOf: escape(scalar).unicodeScalars)
        }
      }
    }
    result.append(quote)
    return String(result)
  }

  static func escape(_ scalar: Unicode.Scalar) -> String {
    func padded(_ width: Int) -> String {
      let digits = String(scalar.value, radix: 16)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    if scalar.value < 0x100 { return "\\x" + padded(2) }
    return scalar.value < 0x10000 ? "\\u" + padded(4) : "\\U" + padded(8)
  }

  /// Python's `str.isprintable` for one scalar.
  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value >= 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }
}
