import Compression
import Figures
import Language
import Tensors

extension Session {
  /// All functions that make figures.
  var figureFunctions: [BuiltinFunction] {
    [heatmapFunction] + lineFunctions + barFunctions + scatterFunctions + gridFunctions
      + readyMadeFunctions + tableFunctions + [themeFunction]
  }

  private var heatmapFunction: BuiltinFunction {
    function(
      "heatmap",
      """
      matrix, title="", xlabel="", ylabel="", colors="viridis", annotate=False, center=None, \
      log=False, limits=None, mask=None, rows=None, columns=None, label=""
      """,
      "A matrix as coloured cells with a colour bar; row 0 is at the top.",
      text: "matrix: [rows, columns], or [columns] as one row, in f32. colors: \(ColorMap.list). "
        + "annotate writes each value where it can be read; center puts a value in the middle of "
        + "a diverging map; log colours by the logarithm; limits=(low, high) are the values at the "
        + "ends of the colours, either of them None. mask: truth values, true where a cell is hatched. "
        + "rows and columns "
        + "name what they are; label stands beside the colour bar. Cells that are not finite are "
        + "grey.",
      example: "heatmap(scores.heads, title=\"Heads\", xlabel=\"head\", ylabel=\"layer\")"
    ) { [unowned self] in try heatmap($0) }
  }

  private func heatmap(_ arguments: BoundArguments) throws -> Value {
    let (numbers, shape) = try numbers(of: arguments.value("matrix"), called: "matrix")
    guard shape.count == 1 || shape.count == 2 else {
      throw LanguageError("matrix is [rows, columns] or [columns], not shape \(shape)")
    }
    let values = numbers.map { Float($0) }
    if let index = values.indices.first(where: { values[$0].isInfinite && numbers[$0].isFinite }) {
      throw LanguageError(
        "matrix has \(numbers[index]), and a heatmap's values are f32: at most 3.4e+38")
    }
    var mask: [Bool]?
    if !arguments.value("mask").isNone {
      let truths = try Tensor.nested(arguments.value("mask"), on: device)
      guard truths.type == .bool, truths.shape == shape else {
        throw LanguageError(
          "mask takes truth values of the matrix's shape \(shape), not \(truths.type.name) of "
            + "\(truths.shape)")
      }
      mask = try truths.truths()
    }
    var map = try Heatmap(
      values: values, rows: shape.count == 1 ? 1 : shape[0], columns: shape[shape.count - 1],
      colors: arguments.isGiven("colors") ? try arguments.choice("colors") : nil,
      annotate: try arguments.bool("annotate"),
      center: try arguments.optionalDouble("center"),
      isLogarithmic: try arguments.bool("log"), range: try arguments.limits("limits"),
      mask: mask)
    map.rowNames = try names(arguments, "rows", count: map.rows)
    map.columnNames = try names(arguments, "columns", count: map.columns)
    map.valueLabel = try arguments.string("label")
    return try figure(.heatmap(map), arguments)
  }

  private func names(_ arguments: BoundArguments, _ name: String, count: Int) throws -> [String]? {
    guard let names = try arguments.texts(name) else { return nil }
    guard names.count == count else {
      throw LanguageError("\(name) has \(names.count) names for \(counted(count, "place"))")
    }
    return names
  }

  /// A figure with the title, the labels and the limits of the arguments, else those given here.
  func figure(
    _ content: Figure.Content, _ arguments: BoundArguments, title: String = "",
    xLabel: String = "", yLabel: String = ""
  ) throws -> Value {
    func label(_ name: String, _ fallback: String) throws -> String {
      arguments.has(name) && arguments.isGiven(name) ? try arguments.string(name) : fallback
    }
    var figure = Figure(
      content, title: try label("title", title), xLabel: try label("xlabel", xLabel),
      yLabel: try label("ylabel", yLabel))
    if arguments.has("xlim") { figure.xLimits = try arguments.limits("xlim") }
    if arguments.has("ylim") { figure.yLimits = try arguments.limits("ylim") }
    try figure.check()
    for (limits, data) in figure.emptyLimits {
      interpreter.warn(
        "nothing of the data lies within \(limits): they reach from \(data.lowerBound) to "
          + "\(data.upperBound)")
    }
    return .object(FigureObject(figure))
  }

  /// Numbers of lists or of a tensor, row by row, and their shape; None is a gap.
  /// - Parameter name: what they are called in errors.
  func numbers(of value: Value, called name: String) throws -> (values: [Double], shape: [Int]) {
    do {
      return try Tensor.numbers(of: value, on: device)
    } catch let error as LanguageError {
      throw LanguageError("\(name): \(error.message)")
    }
  }

  /// Numbers in one row.
  /// - Parameter name: what they are called in errors.
  func row(_ value: Value, called name: String) throws -> [Double] {
    let (numbers, shape) = try numbers(of: value, called: name)
    guard shape.count == 1 else {
      let given = shape.isEmpty ? value.typePhrase : "shape \(shape)"
      throw LanguageError("\(name) is numbers in one row, not \(given)")
    }
    guard !numbers.isEmpty else {
      throw LanguageError("\(name) has nothing to draw: the row of numbers is empty")
    }
    return numbers
  }

  /// Errors of `count` values in one row; a number alone is for each of them.
  func errors(_ value: Value, count: Int) throws -> [Double]? {
    if value.isNone { return nil }
    if let number = value.asDouble { return Array(repeating: number, count: count) }
    return try row(value, called: "error")
  }

  /// What a dict has for a series that may be left out of it; anything but a dict is for all of them.
  /// - Throws: `LanguageError` where the dict names what is no series.
  func optionalPart(
    of value: Value, _ key: Value, among series: DictObject, _ name: String, of function: String
  ) throws -> Value {
    guard case .dict(let dict) = value else { return value }
    for (other, _) in dict.entries where try series.value(for: other) == nil {
      let names = try series.entries.map { try $0.key.text() }
      throw LanguageError(
        "\(function): \(name) names '\(try other.text())', which is no series"
          + didYouMean(try other.text(), names))
    }
    return try dict.value(for: key) ?? .none
  }

  /// What a dict has for a series; anything but a dict is for all of them.
  func part(
    of value: Value, _ key: Value, _ name: String, of function: String
  ) throws -> Value {
    guard case .dict(let dict) = value else { return value }
    guard let part = try dict.value(for: key) else {
      throw LanguageError("\(function): \(name) has nothing for the series '\(try key.text())'")
    }
    return part
  }

  private var themeFunction: BuiltinFunction {
    function(
      "theme", "name=None", "Chooses how figures look from now on, or says how they do.",
      text: "'paper' (white, sans-serif), 'serif' (white, the type of a paper's text), 'screen' "
        + "(larger) and 'dark'. save(figure, path, theme=) draws one file in another.",
      example: "theme(\"serif\")"
    ) { [unowned self] arguments in
      guard !arguments.value("name").isNone else { return .string(theme.rawValue) }
      theme = try arguments.choice("name")
      return .none
    }
  }
}

extension BoundArguments {
  /// Two numbers, each None where it suits the data.
  func limits(_ name: String) throws -> AxisLimits {
    if value(name).isNone { return .automatic }
    let ends = (try? value(name).elements()) ?? []
    guard ends.count == 2, ends.allSatisfy({ $0.isNone || $0.asDouble != nil }) else {
      let given = try value(name).representation()
      throw LanguageError("\(name) is two numbers, either of them None, not \(given)")
    }
    do {
      return try AxisLimits(start: ends[0].asDouble, end: ends[1].asDouble)
    } catch let error as FigureError {
      throw LanguageError("\(name): \(error.description)")
    }
  }

  /// Strings, or what their text is; nil where the argument is None.
  func texts(_ name: String) throws -> [String]? {
    if value(name).isNone { return nil }
    guard value(name).asString == nil, let elements = try? value(name).elements() else {
      throw mismatch(name, "a list of names")
    }
    return try elements.map { try $0.text() }
  }

  /// Which axes are logarithmic: True is what `both` says.
  func logAxes(_ name: String, both: LogAxes) throws -> LogAxes {
    switch value(name) {
    case .bool(let isLogarithmic): return isLogarithmic ? both : .none
    case .string("x"): return .x
    case .string("y"): return .y
    case .string("both"): return .both
    default:
      throw LanguageError(
        "\(name) is True, False, \"x\", \"y\" or \"both\", not \(try value(name).representation())")
    }
  }
}

extension ColorMap {
  /// The names of all, as help lists them.
  static var list: String { allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ") }
}
