import Compression
import Figures
import Foundation
import Language
import Models
import Tensors

/// The figures that papers on pruning show, ready-made.
extension Session {
  /// overview, depth_map, shapes, stability_plot.
  var readyMadeFunctions: [BuiltinFunction] {
    [
      function(
        "overview", "importance, title=\"\"",
        "Importance in four panels: heads, neurons, channels and layers.",
        example: "overview(importance(model, data))"
      ) { [unowned self] in try overview($0) },
      function(
        "depth_map", "table, title=\"\", colors=\"viridis\", log=None",
        "What layer_importance(block=\"all\") measured, by first layer and length of a block.",
        text:
          "The best block of each length has a frame. colors: \(ColorMap.list). "
          + "log: whether the colours go by the logarithm; "
          + "without it they do where the values lie far apart.",
        example: "depth_map(layer_importance(model, data, block=\"all\"))"
      ) { [unowned self] in try depthMap($0) },
      function(
        "shapes", "teacher, *students, title=\"\"",
        "The width and the depth of models before and after a cut, to scale.",
        text:
          "Each strip is a layer, as wide as its residual stream, its heads and its MLP; the "
          + "teacher's outline stands behind the students.",
        example: "shapes(teacher, student)"
      ) { [unowned self] in try shapes($0) },
      function(
        "stability_plot", "stability, title=\"\"",
        "How much of a ranking's top resampled windows keep, with its 95 % band.",
        text:
          "stability: what .stability(axis) gives, or a dict of them by name. The horizontal axis is "
          + "how large the top is; the line to compare with is what chance would keep.",
        example:
          "stability_plot({axis: scores.stability(axis) for axis in [\"neurons\", \"channels\"]})"
      ) { [unowned self] in try stabilityPlot($0) },
    ]
  }

  private func overview(_ arguments: BoundArguments) throws -> Value {
    let importance = try arguments.object(
      "importance", as: ImportanceObject.self, expected: "an importance"
    ).importance
    let sizes = importance.architecture
    func map(_ axis: ImportanceAxis, columns: Int, name: String) throws -> Figure {
      let scores = importance.scores(axis).values.map { Float($0) }
      let map = try Heatmap(
        values: scores, rows: sizes.layers, columns: columns,
        isLogarithmic: Self.spansDecades(scores))
      return Figure(
        .heatmap(map), title: "\(name)s", xLabel: name.lowercased(), yLabel: "layer")
    }
    let channels = importance.scores(.channels).values
    let layers = importance.scores(.layers).values
    let channelPlot = try LinePlot(
      series: [try LinePlot.Series(y: channels)],
      log: Self.spansDecades(channels.map { Float($0) }) ? .y : .none)
    // Bars on a logarithmic axis would have no true beginning.
    let layerPlot: Figure.Content =
      try Self.spansDecades(layers.map { Float($0) })
      ? .line(LinePlot(series: [LinePlot.Series(y: layers).marked], log: .y))
      : .bars(BarPlot(series: [BarPlot.Series(values: layers)]))
    let plot = try GridPlot(figures: [
      try map(.heads, columns: sizes.heads, name: "Head"),
      try map(.neurons, columns: sizes.ffn, name: "Neuron"),
      Figure(.line(channelPlot), title: "Channels", xLabel: "channel", yLabel: "score"),
      Figure(layerPlot, title: "Layers", xLabel: "layer", yLabel: "1 − cosine"),
    ])
    return try figure(.grid(plot), arguments, title: "Importance in \(importance.modelName)")
  }

  /// Whether values are positive and so far apart that a logarithm shows them better.
  private static func spansDecades(_ values: [Float]) -> Bool {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), low > 0 else { return false }
    return high / low > 30
  }

  private func depthMap(_ arguments: BoundArguments) throws -> Value {
    let table = try Tensor.nested(arguments.value("table"), on: device)
    guard table.rank == 2, table.shape[0] == table.shape[1] else {
      throw LanguageError(
        "depth_map takes what layer_importance(model, tokens, block=\"all\") gives, [layers, "
          + "layers], not shape \(table.shape)")
    }
    let values = try table.floats()
    let count = table.shape[0]
    let log = arguments.value("log").isNone ? nil : try arguments.bool("log")
    // Past the end of the model there are no blocks: neither missing nor masked.
    let mask = values.indices.map { $0 / count + $0 % count >= count }
    var map = try Heatmap(
      values: values, rows: count, columns: count, colors: try arguments.choice("colors"),
      isLogarithmic: log ?? Self.spansDecades(values), mask: mask)
    map.hidesMasked = true
    map.firstColumn = 1
    map.valueLabel = "rise without the block"
    let best = (0..<count).compactMap { column -> (row: Int, column: Int)? in
      let rows = (0..<count - column).filter { values[$0 * count + column].isFinite }
      return rows.min { values[$0 * count + column] < values[$1 * count + column] }
        .map { (row: $0, column: column) }
    }
    map.marked = (best, "least of its length")
    if case .object(let object as TensorObject) = arguments.value("table"), let depth = object.depth
    {
      map.valueLabel = depth.metric?.axisLabel ?? map.valueLabel
    }
    return try figure(
      .heatmap(map), arguments, title: "Blocks of layers", xLabel: "layers in the block",
      yLabel: "first layer")
  }

  private func shapes(_ arguments: BoundArguments) throws -> Value {
    let teacher = try arguments.model("teacher")
    let students = try arguments.variadic("students").enumerated().map { index, value in
      guard case .object(let object) = value, let model = (object as? ModelObject)?.model else {
        throw LanguageError("shapes takes models, and argument \(index + 2) is \(value.typePhrase)")
      }
      return model
    }
    let models = [teacher] + students
    let names = distinctLabels(models)
    let plot = try ShapesPlot(
      shapes: zip(models, names).map { model, name in shape(of: model, name: name, from: teacher) })
    return try figure(.shapes(plot), arguments)
  }

  private func shape(of model: Model, name: String, from teacher: Model) -> ShapesPlot.Shape {
    let sizes = model.architecture
    let cuts = model.provenance?.cuts ?? []
    let cut = cuts.last
    let isOfTeacher = cuts.count == 1 && cut?.teacher.name == teacher.name
    let share =
      model === teacher
      ? "" : ", \(Int((100 * Double(model.parameters) / Double(teacher.parameters)).rounded())) %"
    return ShapesPlot.Shape(
      name: name, remark: "\(model.parameters.short) parameters\(share)", layers: sizes.layers,
      parts: [
        ShapesPlot.Part(name: "hidden", width: sizes.hidden, label: "\(sizes.hidden)"),
        ShapesPlot.Part(
          name: "heads", width: sizes.heads * sizes.headDim,
          label: "\(sizes.heads) × \(sizes.headDim)"),
        ShapesPlot.Part(name: "MLP", width: sizes.ffn, label: "\(sizes.ffn)"),
      ], kept: isOfTeacher ? cut?.layers : nil)
  }

  private func stabilityPlot(_ arguments: BoundArguments) throws -> Value {
    var series: [LinePlot.Series] = []
    func add(_ value: Value, name: String?) throws {
      guard case .object(let object) = value,
        let stability = (object as? StabilityObject)?.stability
      else {
        throw arguments.mismatch(
          "stability", "what .stability(axis) gives, or a dict of them by name")
      }
      let levels = stability.levels
      guard !levels.isEmpty else {
        throw LanguageError("a ranking of \(stability.units) units has no tops to compare")
      }
      let bands = levels.map(\.overlap)
      series.append(
        try LinePlot.Series(
          name: name
            ?? "\(stability.axis.rawValue), τ = \(stability.tau.mean.digits(3))",
          x: levels.map { Double($0.top) / Double(stability.units) }, y: bands.map(\.mean),
          band: bands.map { $0.low...max($0.low, $0.high) }))
    }
    if case .dict(let dict) = arguments.value("stability") {
      for (key, value) in dict.entries { try add(value, name: try key.text()) }
      guard !series.isEmpty else {
        throw LanguageError("stability has nothing to draw: the dict is empty")
      }
    } else {
      try add(arguments.value("stability"), name: nil)
    }
    let chance = LinePlot.Reference(over: 0.1...0.9, from: 0.1, to: 0.9, name: "by chance")
    let plot = try LinePlot(series: series, references: [chance], legend: true)
    return try figure(
      .line(plot), arguments, title: "Stability of the ranking",
      xLabel: "share of the units in the top", yLabel: "share of them kept")
  }
}

extension LinePlot.Series {
  /// The curve with a marker at every point.
  fileprivate var marked: LinePlot.Series {
    var series = self
    series.marks = x
    return series
  }
}

extension DepthMetric {
  /// What a colour bar says of the values.
  fileprivate var axisLabel: String {
    switch self {
    case .loss: "rise of the loss (nats)"
    case .perplexity: "rise of the perplexity"
    case .influence: "1 − cosine across the block"
    }
  }
}

extension Int {
  /// The number with one digit behind the point and its prefix: 134.5M.
  var short: String {
    for (size, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    where Double(self) >= size * 0.99995 {
      return (Double(self) / size).digits(1) + letter
    }
    return "\(self)"
  }
}
