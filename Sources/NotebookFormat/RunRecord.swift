import JSONFormat

/// What a run leaves in a notebook beside the outputs.
extension Notebook {
  /// The tag of a cell that may fail without ending the run, as Jupyter's own tools know it.
  public static let mayFailTag = "raises-exception"
  /// The tag of the markdown cells that say where a run failed.
  static let failureTag = "run-failure"
  /// The metadata under which a run notes times, statuses and parameters.
  static let runKey = "pare"
  private static let anchor = "run-failure"

  /// The notebook without outputs and whatever else an earlier run left.
  public func withoutRun() -> Notebook {
    var notebook = self
    notebook.metadata[Self.runKey] = nil
    notebook.cells.removeAll { $0.kind == .markdown && $0.tags.contains(Self.failureTag) }
    for index in notebook.cells.indices where notebook.cells[index].kind == .code {
      notebook.cells[index].outputs = []
      notebook.cells[index].executionCount = nil
      notebook.cells[index].metadata[Self.runKey] = nil
    }
    return notebook
  }

  /// The notebook with a banner at its top that names the cell that failed, and a mark before that
  /// cell.
  public func namingFailure(ofCell index: Int, name: String, message: String) -> Notebook {
    var notebook = self
    var identifiers = CellIdentifiers(used: cells.map(\.id))
    func note(_ id: String, _ text: String) -> Cell {
      var cell = Cell(id: identifiers.claim(id), kind: .markdown, source: text)
      cell.tags = [Self.failureTag]
      return cell
    }
    // A message may hold anything: as code no character of it is markup.
    let quoted = message.replacing("`", with: "'").replacing("\n", with: " ")
    notebook.cells.insert(
      note(
        "failed-here", "<span id=\"\(Self.anchor)\"></span>**The run failed here, in \(name).**"),
      at: index)
    notebook.cells.insert(
      note("failure", "**The run failed in [\(name)](#\(Self.anchor)):** `\(quoted)`"), at: 0)
    return notebook
  }

  /// Notes what a run was given and how it went.
  ///
  /// - Parameter parameters: each name with its value as source text.
  public mutating func note(
    version: String, parameters: [(name: String, literal: String)], status: String, seconds: Double
  ) {
    let given = JSONObject(parameters.map { ($0.name, .string($0.literal)) })
    metadata[Self.runKey] = [
      "version": .string(version), "parameters": .object(given), "status": .string(status),
      "seconds": .double(seconds),
    ]
  }
}

extension Cell {
  /// Notes how the cell's run went: `completed`, `failed` or `interrupted`, and how long it took.
  public mutating func note(status: String, seconds: Double) {
    metadata[Notebook.runKey] = ["status": .string(status), "seconds": .double(seconds)]
  }
}
