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
        reference=None, xlim=None, ylim=None, name=""
        """,
        "Curves of numbers, of a run, or of a dict of them.",
        text:
          "A run draws its loss and, where it has one, its held-out loss, marked where it was "
          + "measured. log: True or \"y\", \"x\" or \"both\". smooth: the weight of an exponential "
          + "moving average, the raw curve and its band faint behind it. error: half the height of a "
          + "band around the curve, for each point or a number for all. marks: where markers stand, "
          + "by x, True for every point, False for none; without it every point of a short curve "
          + "that is not smoothed has one, and long curves a few to be told apart by. reference: a value to compare with, or a dict of them by name. x, error and marks "
          + "may be dicts by the curves' names; name is what the legend calls a single one. xlim and "
          + "ylim: where an axis begins and ends, either of them None; the larger first runs backward. "
          + "figure.add(y, name=) adds a curve to one that is there: help(\"figure.add\").",
        example: "line({\"train\": run.loss}, xlabel=\"step\", ylabel=\"loss\")"
      ) { [unowned self] in try line($0) }
    ]
  }

  private func line(_ arguments: BoundArguments) throws -> Value {
    let y = arguments.value("y")
    var series: [LinePlot.Series] = []
    var isOfRuns = false
    let name = try arguments.string("name")
    if case .dict(let dict) = y {
      guard name.isEmpty else {
        throw LanguageError(
          "name is for a single curve; the keys of the dict are the curves' names")
      }
      for (key, value) in dict.entries {
        isOfRuns = isOfRuns || value.run != nil
        func optional(_ name: String) throws -> Value {
          try optionalPart(of: arguments.value(name), key, among: dict, name, of: "line")
        }
        series += try curves(
          value, name: try key.text(), x: try optional("x"), error: try optional("error"),
          marks: try optional("marks"))
      }
      guard !series.isEmpty else { throw LanguageError("y has nothing to draw: the dict is empty") }
    } else {
      isOfRuns = y.run != nil
      series = try curves(
        y, name: name, x: arguments.value("x"), error: arguments.value("error"),
        marks: arguments.value("marks"))
    }
    warnOfMarks(series)
    let plot = try LinePlot(
      series: series, log: try arguments.logAxes("log", both: .y),
      smooth: try arguments.optionalDouble("smooth"), references: try references(arguments),
      legend: y.asDict != nil || !name.isEmpty ? true : nil)
    return try figure(
      .line(plot), arguments, xLabel: isOfRuns ? "step" : "",
      yLabel: isOfRuns ? "loss (nats per token)" : "")
  }

  /// Says which marks stand at no curve's point.
  private func warnOfMarks(_ series: [LinePlot.Series]) {
    let places = Set(series.filter { $0.marks != nil }.flatMap(\.x))
    let lost = Set(series.compactMap(\.marks).joined()).subtracting(places).sorted()
    guard !lost.isEmpty else { return }
    interpreter.warn(
      "marks: no curve has a point at \(lost.map { "\($0)" }.listed(most: 5))")
  }

  private func references(_ arguments: BoundArguments) throws -> [LinePlot.Reference] {
    func reference(_ value: Value, _ name: String) throws -> LinePlot.Reference {
      guard let number = value.asDouble else {
        let whose = name.isEmpty ? "" : " for '\(name)'"
        throw LanguageError(
          "reference is a number or a dict of them by name, and has \(value.typePhrase)\(whose)")
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
  /// - Parameter first: the curve whose x numbers have without their own, where they are as many.
  func curves(
    _ value: Value, name: String, x: Value, error: Value, marks: Value,
    alongside first: LinePlot.Series? = nil
  ) throws -> [LinePlot.Series] {
    if let run = value.run {
      for (name, value) in [("x", x), ("error", error)] where !value.isNone {
        throw LanguageError("\(name)= is for numbers; a run has its own")
      }
      return try curves(run, name: name, marks: marks)
    }
    let y = try row(value, called: name.isEmpty ? "y" : "the curve '\(name)'")
    var series = try LinePlot.Series(
      name: name, x: x.isNone ? self.x(of: first, count: y.count) : row(x, called: "x"), y: y,
      error: errors(error, count: y.count))
    series.marks = try self.marks(marks, x: series.x)
    return [series]
  }

  /// The places of another curve for as many values; nil where they are counted.
  /// - Throws: `LanguageError` where there are not as many, and its places say more than numbers.
  private func x(of first: LinePlot.Series?, count: Int) throws -> [Double]? {
    guard let first else { return nil }
    if first.x.count == count { return first.x }
    if first.x == first.x.indices.map(Double.init) { return nil }
    throw LanguageError("x is missing: y has \(count) values, and the first curve \(first.x.count)")
  }

  /// Where markers stand; nil where nothing is said of it.
  private func marks(_ value: Value, x: [Double]) throws -> [Double]? {
    switch value {
    case .none: return nil
    case .bool(let isAny): return isAny ? x : []
    default:
      let (places, shape) = try numbers(of: value, called: "marks")
      guard shape.count == 1 else {
        throw LanguageError("marks are numbers in one row, True or False, not \(value.typePhrase)")
      }
      return places
    }
  }

  private func curves(_ run: Run, name: String, marks: Value) throws -> [LinePlot.Series] {
    let prefix = name.isEmpty ? "" : name + ", "
    var result: [LinePlot.Series] = []
    if !run.loss.isEmpty {
      var training = try LinePlot.Series(
        name: prefix + (run.objective == "kl" ? "KL to the teacher" : "training"), y: run.loss)
      training.marks = try self.marks(marks, x: training.x)
      result.append(training)
    }
    if !run.heldOut.isEmpty {
      // Each held-out loss is a mean already: smoothing is for the training's noise.
      var heldOut = try LinePlot.Series(
        name: prefix + "held-out loss", x: run.heldOut.map { Double($0.step) },
        y: run.heldOut.map(\.loss))
      heldOut.isSmoothed = false
      heldOut.marks = try self.marks(marks, x: heldOut.x)
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
