extension Notebook {
  /// The tag of the cell that holds the notebook's parameters and their defaults.
  public static let parametersTag = "parameters"
  /// The tag of the cell that overrides them.
  public static let injectedParametersTag = "injected-parameters"

  /// The notebook with a cell that assigns `parameters`, after its parameters cell or, without one,
  /// at the top. An earlier injected cell is replaced where it stands, as papermill does.
  ///
  /// - Parameter parameters: each name with its value as source text.
  public func injecting(parameters: [(name: String, literal: String)]) -> Notebook {
    var notebook = self
    let source =
      (["# Parameters"] + parameters.map { "\($0.name) = \($0.literal)" }).joined(separator: "\n")
    if let index = notebook.firstCodeCell(tagged: Self.injectedParametersTag) {
      notebook.cells[index].source = source
      notebook.cells[index].outputs = []
      notebook.cells[index].executionCount = nil
      return notebook
    }
    var identifiers = CellIdentifiers(used: cells.map(\.id))
    var cell = Cell(id: identifiers.claim("injected-parameters"), kind: .code, source: source)
    cell.tags = [Self.injectedParametersTag]
    let position = notebook.firstCodeCell(tagged: Self.parametersTag).map { $0 + 1 } ?? 0
    notebook.cells.insert(cell, at: position)
    return notebook
  }

  private func firstCodeCell(tagged tag: String) -> Int? {
    cells.firstIndex { $0.kind == .code && $0.tags.contains(tag) }
  }
}
