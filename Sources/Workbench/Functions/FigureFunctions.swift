import Compression
import Figures
import Language
import Tensors

extension Session {
  /// heatmap, line, scatter, pareto.
  var figureFunctions: [BuiltinFunction] {
    [
      function(
        "heatmap",
        """
        matrix, title="", xlabel="", ylabel="", colors="viridis", annotate=False, center=None
        """,
        "A matrix as coloured cells with a colour bar; row 0 is at the top.",
        text: "matrix: [rows, columns], or [columns] as one row. colors: a colour map's name. "
          + "annotate writes each value where it can be read; center puts a value in the middle of "
          + "a diverging map.",
        example: "heatmap(scores.heads, title=\"Heads\", xlabel=\"head\", ylabel=\"layer\")"
      ) { [unowned self] in try heatmap($0) },
      function(
        "line", "y, x=None, title=\"\", xlabel=\"\", ylabel=\"\", log=False, smooth=None",
        "Curves of numbers, of a run, or of a dict of them.",
        text:
          "A run draws its loss and, where it has one, its held-out loss. smooth: the weight of "
          + "an exponential moving average, the raw curve faint behind it.",
        example: "line({\"train\": run.loss}, xlabel=\"step\", ylabel=\"loss\")"
      ) { [unowned self] in try line($0) },
    ] + scatterFunctions
  }

  private func heatmap(_ arguments: BoundArguments) throws -> Value {
    let given = try Tensor.nested(arguments.value("matrix"), on: device)
    guard given.rank == 1 || given.rank == 2 else {
      throw LanguageError("heatmap takes a matrix, not shape \(given.shape)")
    }
    let matrix = given.rank == 1 ? try given.reshaped([1, given.count]) : given
    let map = try Heatmap(
      values: matrix.floats(), rows: matrix.shape[0], columns: matrix.shape[1],
      colors: arguments.isGiven("colors") ? try arguments.choice("colors") : nil,
      annotate: try arguments.bool("annotate"),
      center: try arguments.optionalDouble("center"))
    return try figure(.heatmap(map), arguments)
  }

  /// A figure with the title and the labels of the arguments, else those given here.
  func figure(
    _ content: Figure.Content, _ arguments: BoundArguments, xLabel: String = "", yLabel: String = ""
  ) throws -> Value {
    func label(_ name: String, _ fallback: String) throws -> String {
      arguments.isGiven(name) ? try arguments.string(name) : fallback
    }
    return .object(
      FigureObject(
        Figure(
          content, title: try arguments.string("title"), xLabel: try label("xlabel", xLabel),
          yLabel: try label("ylabel", yLabel))))
  }

  private func line(_ arguments: BoundArguments) throws -> Value {
    let x = arguments.value("x").isNone ? nil : try numbers(arguments.value("x"))
    let y = arguments.value("y")
    var series: [LinePlot.Series] = []
    var isOfRuns = false
    if case .dict(let dict) = y {
      for (key, value) in dict.entries {
        isOfRuns = isOfRuns || value.run != nil
        series += try self.series(value, name: try key.text(), x: x)
      }
    } else {
      isOfRuns = y.run != nil
      series = try self.series(y, name: "", x: x)
    }
    let plot = try LinePlot(
      series: series, log: try arguments.bool("log"),
      smooth: try arguments.optionalDouble("smooth"))
    return try figure(
      .line(plot), arguments, xLabel: isOfRuns ? "step" : "",
      yLabel: isOfRuns ? "loss (nats per token)" : "")
  }

  private func series(_ value: Value, name: String, x: [Double]?) throws -> [LinePlot.Series] {
    guard let run = value.run else {
      return [try LinePlot.Series(name: name, x: x, y: try numbers(value))]
    }
    let prefix = name.isEmpty ? "" : name + ", "
    var result: [LinePlot.Series] = []
    if !run.loss.isEmpty {
      result.append(
        try LinePlot.Series(
          name: prefix + (run.objective == "kl" ? "KL to the teacher" : "training"), y: run.loss))
    }
    if !run.heldOut.isEmpty {
      // Each held-out loss is a mean already: smoothing is for the training's noise.
      var heldOut = try LinePlot.Series(
        name: prefix + "held-out loss", x: run.heldOut.map { Double($0.step) },
        y: run.heldOut.map(\.loss))
      heldOut.isSmoothed = false
      result.append(heldOut)
    }
    return result
  }

  /// Numbers in one row; `function` is whose they are, for errors.
  func numbers(_ value: Value, of function: String = "line") throws -> [Double] {
    let tensor = try Tensor.nested(value, on: device)
    guard tensor.rank == 1 else {
      throw LanguageError("\(function) takes numbers in one row, not shape \(tensor.shape)")
    }
    return try tensor.floats().map { Double($0) }
  }
}

extension Value {
  fileprivate var run: Run? {
    if case .object(let object) = self { (object as? RunObject)?.run } else { nil }
  }
}
