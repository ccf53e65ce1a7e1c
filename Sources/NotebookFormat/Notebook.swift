import JSONFormat

/// A notebook of nbformat 4: cells in order, and metadata kept as it was read.
public struct Notebook: Sendable {
  /// The cells in order.
  public var cells: [Cell]
  /// The notebook's own metadata, keys that Pare does not know among it.
  public var metadata: JSONObject
  /// The minor version of nbformat 4 that is written, at least 5.
  public var minor: Int

  /// A notebook; without other metadata it names the Pare kernel and language.
  public init(cells: [Cell] = [], metadata: JSONObject = Notebook.pareMetadata, minor: Int = 5) {
    self.cells = cells
    self.metadata = metadata
    self.minor = max(minor, Self.firstMinorWithIdentifiers)
  }

  /// nbformat 4.5 is the first version whose cells have ids.
  static let firstMinorWithIdentifiers = 5

  /// The `kernelspec` and `language_info` of a notebook made by Pare.
  public static let pareMetadata = JSONObject([
    ("kernelspec", ["display_name": "Pare", "language": "pare", "name": "pare"]),
    (
      "language_info",
      ["file_extension": ".pare", "mimetype": "text/x-python", "name": "pare"]
    ),
  ])
}

/// One cell of a notebook.
public struct Cell: Sendable {
  /// What a cell holds.
  public enum Kind: String, Sendable, CaseIterable {
    /// Code to execute.
    case code
    /// Text to render.
    case markdown
    /// Text to leave alone.
    case raw
  }

  /// The cell's id: 1 to 64 letters, digits, hyphens and underscores, unique in its notebook.
  public var id: String
  /// What the cell holds.
  public var kind: Kind
  /// The text of the cell, lines ended by `\n`, the last one usually without.
  public var source: String
  /// The cell's metadata, unknown keys among it.
  public var metadata: JSONObject
  /// The files attached to a markdown or raw cell, by name, as Jupyter stores them.
  public var attachments: JSONObject?
  /// What the code showed; empty for other kinds.
  public var outputs: [Output]
  /// The number of the cell's last execution, nil where it has not run.
  public var executionCount: Int?

  /// A cell that has not run.
  public init(id: String, kind: Kind, source: String, metadata: JSONObject = JSONObject()) {
    self.id = id
    self.kind = kind
    self.source = source
    self.metadata = metadata
    outputs = []
  }

  /// The cell's tags, kept in `metadata["tags"]`.
  public var tags: [String] {
    get { metadata["tags"]?.array?.compactMap(\.string) ?? [] }
    set { metadata["tags"] = newValue.isEmpty ? nil : .array(newValue.map(JSON.string)) }
  }
}

/// What a code cell showed.
public enum Output: Sendable {
  /// Text written to `stdout` or `stderr`.
  case stream(name: String, text: String)
  /// Something displayed.
  case displayData(RichOutput)
  /// The value of the cell.
  case executeResult(RichOutput, executionCount: Int?)
  /// The error that ended the cell.
  case error(name: String, value: String, traceback: [String])
}

/// One thing in several media types.
public struct RichOutput: Sendable {
  /// The content by media type, in the order of preference it was made with: text as a string,
  /// images as base64, `application/json` as any JSON.
  public var data: JSONObject
  /// Metadata by media type.
  public var metadata: JSONObject
  /// The name by which a later message may replace this output. It lives only while the notebook
  /// runs: files do not hold it.
  public var displayID: String?

  /// An output of `data`.
  public init(data: JSONObject, metadata: JSONObject = JSONObject(), displayID: String? = nil) {
    self.data = data
    self.metadata = metadata
    self.displayID = displayID
  }
}

/// What is wrong with a notebook or a script, and where.
public struct NotebookError: Error, CustomStringConvertible, Equatable {
  /// The fault with its place, as a clause.
  public let description: String

  init(_ description: String) { self.description = description }
}
