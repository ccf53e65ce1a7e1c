import Compression
import Figures
import Language

extension Session {
  /// line.
  var lineFunctions: [BuiltinFunction] {
    [
      function(
        "line",
        """
        y, x=None, title="", xlabel="", ylabel="", log=False, smooth=None, error=None, marks=None, \
        reference=None, xlim=None, ylim=None
        """,
        "Curves of numbers, of a run, or of a dict of them.",
        text:
          "A run draws its loss and, where it has one, its held-out loss, marked where it was "
          + "measured. log: True or \"y\", \"x\" or \"both\". smooth: the weight of an exponential "
          + "moving average, the raw curve faint behind it. error: half the height of a band around "
          + "the curve, for each point; marks: where markers stand, by x; reference: a value to "
          + "compare with, or a dict of them by name. x, error and marks may be dicts by the curves' "
          + "names. figure.add(y, name='', x=None, error=None) adds a curve to one that is there.",
        example: "line({\"train\": run.loss}, xlabel=\"step\", ylabel=\"loss\")"
      ) { [unowned self] in try line($0) }
    ]
  }

  private func line(_ arguments: BoundArguments) throws -> Value {
    let y = arguments.value("y")
    var series: [LinePlot.Series] = []
    var isOfRuns = false
    if case .dict(let dict) = y {
      for (key, value) in dict.entries {
        isOfRuns = isOfRuns || value.run != nil
        func optional(_ name: String) throws -> Value {
          try optionalPart(of: arguments.value(name), key, among: dict, name, of: "line")
        }
        series += try curves(
          value, name: try key.text(), x: try part(of: arguments.value("x"), key, "x", of: "line"),
          error: try optional("error"), marks: try optional("marks"))
      }
    } else {
      isOfRuns = y.run != nil
      series = try curves(
        y, name: "", x: arguments.value("x"), error: arguments.value("error"),
        marks: arguments.value("marks"))
    }
    guard !series.isEmpty else {
      throw LanguageError("line has nothing to draw: the dict is empty")
    }
    let plot = try LinePlot(
      series: series, log: try arguments.logAxes("log", both: .y),
      smooth: try arguments.optionalDouble("smooth"), references: try references(arguments))
    return try figure(
      .line(plot), arguments, xLabel: isOfRuns ? "step" : "",
      yLabel: isOfRuns ? "loss (nats per token)" : "")
  }

  private func references(_ arguments: BoundArguments) throws -> [LinePlot.Reference] {
    func reference(_ value: Value, _ name: String) throws -> LinePlot.Reference {
      guard let number = value.asDouble else {
        throw arguments.mismatch("reference", "a number or a dict of them by name")
      }
      return LinePlot.Reference(value: number, name: name)
    }
    switch arguments.value("reference") {
    case .none: return []
    case .dict(let dict): return try dict.entries.map { try reference($1, try $0.text()) }
    default: return [try reference(arguments.value("reference"), "")]
    }
  }

  /// The curves of a value: of numbers one, of a run its losses.
  func curves(
    _ value: Value, name: String, x: Value = .none, error: Value = .none, marks: Value = .none
  ) throws -> [LinePlot.Series] {
    if let run = value.run {
      for (name, value) in [("x", x), ("error", error)] where !value.isNone {
        throw LanguageError("\(name)= is for numbers; a run has its own")
      }
      return try curves(run, name: name, marks: marks)
    }
    func row(_ value: Value) throws -> [Double]? {
      value.isNone ? nil : try numbers(value, of: "line")
    }
    var series = try LinePlot.Series(
      name: name, x: row(x), y: numbers(value, of: "line"), error: row(error))
    series.marks = try row(marks)
    return [series]
  }

  private func curves(_ run: Run, name: String, marks: Value) throws -> [LinePlot.Series] {
    let prefix = name.isEmpty ? "" : name + ", "
    var result: [LinePlot.Series] = []
    if !run.loss.isEmpty {
      var training = try LinePlot.Series(
        name: prefix + (run.objective == "kl" ? "KL to the teacher" : "training"), y: run.loss)
      if !marks.isNone { training.marks = try numbers(marks, of: "line") }
      result.append(training)
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
}

extension Value {
  /// The run that the value is, nil for anything else.
  var run: Run? {
    if case .object(let object) = self { (object as? RunObject)?.run } else { nil }
  }
}
