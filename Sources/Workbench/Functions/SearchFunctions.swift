import Compression
import Kernels
import Language
import Models

extension Session {
  /// search.
  var searchFunctions: [BuiltinFunction] {
    [
      function(
        "search",
        """
        model, importance, tokens, parameters=, tolerance=0.05, grid=None, steps=0, top=8, \
        held_out=None, save=None, batch=8, lr=1e-4, seed=None
        """,
        "Searches the grid of shapes near a number of parameters for the best student.",
        text:
          "parameters: a count, or a fraction of the model's, met within tolerance. grid: sizes "
          + "by axis, {\"layers\": [...], \"heads\": [...], \"ffn\": [...], \"hidden\": [...]}; an "
          + "axis that is left out tries 0.5, 0.625, 0.75, 0.875 and 1 of the model's, rounded to "
          + "multiples of 32 (heads of the key-value heads, layers to whole ones). Every shape is "
          + "cut and its loss measured on held_out (on tokens without it); with steps, the top "
          + "best are distilled for so many updates of batch windows, by KL with the rate falling "
          + "from lr to lr/10, all from the same cached logits of the model. Returns .table (ranked), .ranks (how the order changed), .curves "
          + "(name to losses at .steps), .best (the student). An interrupted search keeps what it "
          + "has in _, and the same call goes on; with save=\"folder\" in another session too.",
        example: "search(model, scores, data, parameters=0.5, steps=50, held_out=test).best"
      ) { [unowned self] in try search($0) }
    ]
  }

  private func search(_ arguments: BoundArguments) throws -> Value {
    guard let parameters = try arguments.size("parameters") else {
      throw arguments.mismatch("parameters", "an int (a count) or a float (a fraction)")
    }
    guard let importance = try arguments.optionalImportance("importance") else {
      throw LanguageError("search ranks units and needs scores: give importance(model, tokens)")
    }
    var settings = SearchSettings(parameters: parameters)
    settings.tolerance = try arguments.double("tolerance")
    settings.grid = try grid(arguments)
    settings.steps = try arguments.int("steps")
    settings.top = try arguments.int("top")
    settings.batch = try arguments.int("batch")
    settings.learningRate = try arguments.double("lr")
    settings.seed = try arguments.seed("seed", self)
    let search = try ArchitectureSearch(
      try arguments.model("model"), importance, try arguments.tokens("tokens"),
      heldOut: try arguments.optionalTokens("held_out"), settings: settings,
      folder: try arguments.optionalString("save").map(path))
    // The same call after an interrupt goes on with what was measured.
    if let stoppedSearch { search.takeUp(stoppedSearch) }
    stoppedSearch = search
    do {
      try run(search)
    } catch {
      keepAsLastValue(.object(SearchObject(search)), "the search so far")
      throw error
    }
    stoppedSearch = nil
    return .object(SearchObject(search))
  }

  private func run(_ search: ArchitectureSearch) throws {
    var report: (title: String, report: ProgressReport)?
    defer { report?.report.end() }
    var told = Set(search.candidates.filter { $0.distilledLoss != nil }.map(\.name))
    func update(_ title: String, _ done: Int, _ all: Int, note: String = "") {
      if report?.title != title {
        report?.report.end()
        report = (title, ProgressReport(title, total: all, self))
      }
      report?.report.update(done, note: note)
    }
    try search.run { stage in
      switch stage {
      case .scoring(let done, let all):
        let best = search.candidates.ranked.first
        update("search", done, all, note: best.map { "best \($0.name)" } ?? "")
      case .teacher(let done, let all): update("teacher", done, all)
      case .distilling(let candidate, let done, let all):
        update("distill \(candidate.name)", done, all)
      }
    } changed: {
      // The table as it fills: a line of each shape that was distilled, with its rank so far.
      let ranked = search.candidates.ranked.filter { $0.distilledLoss != nil }
      guard ranked.count > told.count,
        let place = ranked.firstIndex(where: { !told.contains($0.name) })
      else { return }
      let candidate = ranked[place]
      told.insert(candidate.name)
      output(
        .notice(
          "\(candidate.name): loss \((candidate.loss ?? .nan).digits(4)) as cut, "
            + "\((candidate.distilledLoss ?? .nan).digits(4)) distilled, rank \(place + 1) of "
            + "\(ranked.count)"))
    }
  }

  private func grid(_ arguments: BoundArguments) throws -> SearchGrid {
    guard !arguments.value("grid").isNone else { return SearchGrid() }
    guard case .dict(let dict) = arguments.value("grid") else {
      throw arguments.mismatch("grid", "a dict of axes and lists of sizes")
    }
    var grid = SearchGrid()
    let axes: [String: WritableKeyPath<SearchGrid, [Size]?>] = [
      "layers": \.layers, "heads": \.heads, "ffn": \.ffn, "hidden": \.hidden,
    ]
    for (key, value) in dict.entries {
      guard let name = key.asString, let axis = axes[name] else {
        let name = try key.text()
        throw LanguageError(
          "grid has the axes 'layers', 'heads', 'ffn' and 'hidden', not '\(name)'"
            + didYouMean(name, Array(axes.keys)))
      }
      guard value.isSequence else {
        throw LanguageError("grid: '\(name)' is a list of sizes, not \(value.typePhrase)")
      }
      guard try !value.elements().isEmpty else {
        throw LanguageError("grid: '\(name)' is empty; leave it out for the default sizes")
      }
      grid[keyPath: axis] = try value.elements().map { size in
        switch size {
        case .int(let count): .count(count)
        case .float(let fraction): .fraction(fraction)
        default: throw LanguageError("grid: a size is an int or a float, not \(size.typePhrase)")
        }
      }
    }
    return grid
  }
}
