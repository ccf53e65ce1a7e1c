import Compression
import Language
import Models
import Tensors

extension Session {
  /// importance, layer_importance.
  var importanceFunctions: [BuiltinFunction] {
    [
      function(
        "importance", "model, tokens",
        "Scores every head, neuron, channel and layer in one forward pass.",
        text: "Returns .heads [layers, heads], .neurons [layers, ffn], .channels [hidden] and "
          + ".layers [layers] (block influence). .scores(axis, batch='l2', sequence='mean', "
          + "neurons='post') aggregates anew with no further pass: batch and sequence are 'l2', "
          + "'mean' or 'var', neurons 'post' or 'pre' the activation. .stability(axis, k=0.5, "
          + "resamples=200, seed=None) draws the windows anew and tells how far the ranking holds: "
          + ".tau (Kendall's tau-b against all windows) and .overlap (share of the top k kept), "
          + "each (mean, low, high) at 95 %. model may be the path of a folder or .gguf larger "
          + "than memory: its weights are then read from the file layer by layer. Saved scores are "
          + "refused for another model.",
        example: "scores = importance(model, data)"
      ) { [unowned self] arguments in
        let model = try arguments.modelOrPath("model", self)
        let tokens = try arguments.tokens("tokens")
        let result = try reporting("importance", total: tokens.count) { report in
          try importance(model, tokens) { done, _ in report.update(done) }
        }
        noteScores(result)
        return .object(ImportanceObject(result, on: device))
      },
      function(
        "layer_importance", "model, tokens, metric=\"loss\", block=1",
        "What contiguous blocks of layers contribute: [layers - block + 1], by their first layer.",
        text: "metric 'loss' is the rise of the loss (nats a token) when layers s to s + block - 1 "
          + "are skipped, 'perplexity' that of the perplexity, 'influence' 1 - the mean cosine of "
          + "the residual stream across them. block='all' gives every length: [layers, layers], "
          + "row start, column length - 1, NaN past the end. The layers before a block are not "
          + "computed again for it. A tensor to plot, and what prune(model, layers=n, depth=it) "
          + "chooses by. model may be a path, as in importance.",
        example: "depth = layer_importance(model, data, block=4); line(depth)"
      ) { [unowned self] in try layerImportance($0) },
    ]
  }

  private func layerImportance(_ arguments: BoundArguments) throws -> Value {
    let model = try arguments.modelOrPath("model", self)
    let tokens = try arguments.tokens("tokens")
    let blocks: DepthBlocks
    switch arguments.value("block") {
    case .int(let length): blocks = .length(length)
    case .string("all"): blocks = .all
    default: throw arguments.mismatch("block", "an int (layers) or 'all'")
    }
    let metric: DepthMetric = try arguments.choice("metric")
    let found = try reporting("layer importance", total: tokens.count) { report in
      try Compression.layerImportance(model, tokens, metric: metric, blocks: blocks) { done, _ in
        report.update(done)
      }
    }
    let tensor = try Tensor(found.values.map { Float($0) }, shape: found.shape, on: device)
    return .object(TensorObject(tensor, depth: found))
  }
}

extension BoundArguments {
  /// A model, or one whose weights stay in the file of this path.
  func modelOrPath(_ name: String, _ session: Session) throws -> Model {
    guard let path = value(name).asString else { return try model(name) }
    let model = try Model.stream(session.path(path), on: session.device)
    session.noteLoaded(model)
    return model
  }

  /// What `layer_importance` gave, with the numbers that its tensor holds now, or those numbers as
  /// they were saved; nil for `None`.
  /// - Parameter layers: how many the model has.
  func optionalDepth(_ name: String, layers: Int) throws -> DepthImportance? {
    guard !value(name).isNone else { return nil }
    guard case .object(let object as TensorObject) = value(name), object.tensor.type == .f32 else {
      throw mismatch(name, "what layer_importance() gives, whole")
    }
    guard let depth = object.depth else {
      return try DepthImportance(
        values: object.tensor.floats().map { Double($0) }, shape: object.tensor.shape,
        layers: layers)
    }
    let measured = depth.values.map { Float($0) }
    let shown = try object.tensor.floats()
    // Untouched, it keeps the precision that f32 does not show.
    let isUntouched = zip(measured, shown).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    return isUntouched ? depth : try depth.with(values: shown.map { Double($0) })
  }
}
