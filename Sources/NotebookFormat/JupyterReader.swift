import JSONFormat

extension Notebook {
  /// Reads a notebook in Jupyter's JSON, nbformat 4.0 or later.
  ///
  /// Cells without an id (before 4.5), with an invalid or with a repeated one get one made from
  /// their position. Text may be one string or a list of lines.
  /// - Throws: `JSONError`, or `NotebookError` naming the cell and key at fault.
  public init(jupyter bytes: [UInt8]) throws {
    guard case .object(let root) = try JSON(reading: bytes) else {
      throw NotebookError("not a notebook: the JSON is no object")
    }
    guard let major = root["nbformat"]?.int else {
      throw NotebookError("not a notebook: it has no number \"nbformat\"")
    }
    guard major == 4 else {
      throw NotebookError(
        "a notebook of nbformat \(major): only 4 is read; open it in Jupyter and save it again")
    }
    guard let elements = root["cells"]?.array else {
      throw NotebookError("not a notebook: it has no list \"cells\"")
    }
    var metadata = try Fields(root, place: "the notebook").object("metadata")
    for key in ["orig_nbformat", "orig_nbformat_minor", "signature"] { metadata[key] = nil }
    var cells = try elements.enumerated().map { index, element in
      try Cell(element, place: "cell \(index + 1)")
    }
    Self.mendIdentifiers(of: &cells)
    self.init(cells: cells, metadata: metadata, minor: root["nbformat_minor"]?.int ?? 0)
  }

  private static func mendIdentifiers(of cells: inout [Cell]) {
    var seen: Set<String> = []
    let isKept = cells.map { CellIdentifiers.isValid($0.id) && seen.insert($0.id).inserted }
    var identifiers = CellIdentifiers(used: Array(seen))
    for index in cells.indices where !isKept[index] {
      cells[index].id = identifiers.claim(position: index)
    }
  }
}

extension Cell {
  fileprivate init(_ json: JSON, place: String) throws {
    guard case .object(let members) = json else { throw NotebookError("\(place) is no object") }
    let fields = Fields(members, place: place)
    let name = try fields.string("cell_type")
    guard let kind = Kind(rawValue: name) else {
      throw NotebookError("\(place): \"cell_type\" is \"\(name)\", not code, markdown or raw")
    }
    var metadata = try fields.object("metadata")
    metadata["trusted"] = nil
    self.init(
      id: members["id"]?.string ?? "", kind: kind, source: try fields.text("source"),
      metadata: metadata)
    if members["attachments"] != nil {
      attachments = JSONObject(
        try fields.object("attachments").members.map {
          ($0.key, $0.value.object.map { .object(joiningLines(of: $0)) } ?? $0.value)
        })
    }
    guard kind == .code else { return }
    executionCount = try fields.count("execution_count")
    guard let elements = members["outputs"] else { return }
    guard let elements = elements.array else {
      throw NotebookError("\(place): \"outputs\" must be a list")
    }
    outputs = try elements.enumerated().map { index, element in
      try Output(element, place: "\(place), output \(index + 1)")
    }
  }
}

extension Output {
  fileprivate init(_ json: JSON, place: String) throws {
    guard case .object(let members) = json else { throw NotebookError("\(place) is no object") }
    let fields = Fields(members, place: place)
    switch try fields.string("output_type") {
    case "stream":
      self = .stream(name: try fields.string("name"), text: try fields.text("text"))
    case "display_data":
      self = .displayData(try RichOutput(fields))
    case "execute_result":
      self = .executeResult(
        try RichOutput(fields), executionCount: try fields.count("execution_count"))
    case "error":
      self = .error(
        name: try fields.string("ename"), value: try fields.string("evalue"),
        traceback: try fields.strings("traceback"))
    case let name:
      throw NotebookError(
        "\(place): \"output_type\" is \"\(name)\", "
          + "not stream, display_data, execute_result or error")
    }
  }
}

extension RichOutput {
  fileprivate init(_ fields: Fields) throws {
    self.init(
      data: joiningLines(of: try fields.object("data")), metadata: try fields.object("metadata"))
  }
}

/// A bundle by media type whose texts are whole strings; JSON stays as it is.
private func joiningLines(of bundle: JSONObject) -> JSONObject {
  JSONObject(
    bundle.members.map { type, value in
      guard !isJSONMediaType(type), let lines = wholeText(value) else { return (type, value) }
      return (type, .string(lines))
    })
}

private func isJSONMediaType(_ type: String) -> Bool {
  type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
}

/// The text of a string or of a list of strings; nil for anything else.
private func wholeText(_ value: JSON) -> String? {
  switch value {
  case .string(let text): return text
  case .array(let elements):
    let lines = elements.compactMap(\.string)
    return lines.count == elements.count ? lines.joined() : nil
  default: return nil
  }
}

/// The members of an object, read by the type they must have; what is absent and may be is empty.
private struct Fields {
  let members: JSONObject
  let place: String

  init(_ members: JSONObject, place: String) {
    self.members = members
    self.place = place
  }

  func string(_ key: String) throws -> String {
    guard let text = members[key]?.string else { throw fault(key, "must be a string") }
    return text
  }

  func text(_ key: String) throws -> String {
    guard let text = members[key].flatMap(wholeText) else {
      throw fault(key, "must be a string or a list of strings")
    }
    return text
  }

  func strings(_ key: String) throws -> [String] {
    let strings = members[key]?.array?.map(\.string)
    guard let strings, let whole = strings as? [String] else {
      throw fault(key, "must be a list of strings")
    }
    return whole
  }

  func object(_ key: String) throws -> JSONObject {
    guard let value = members[key] else { return JSONObject() }
    guard let object = value.object else { throw fault(key, "must be an object") }
    return object
  }

  func count(_ key: String) throws -> Int? {
    guard let value = members[key], !value.isNull else { return nil }
    guard let count = value.int, count >= 0 else {
      throw fault(key, "must be null or a number from 0")
    }
    return count
  }

  private func fault(_ key: String, _ reason: String) -> NotebookError {
    NotebookError("\(place): \"\(key)\" \(reason)")
  }
}
