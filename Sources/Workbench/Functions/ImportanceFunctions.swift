import Compression
import Language

extension Session {
  /// importance.
  var importanceFunctions: [BuiltinFunction] {
    [
      function(
        "importance", "model, tokens",
        "Scores every head, neuron, channel and layer in one forward pass.",
        text: "Returns .heads [layers, heads], .neurons [layers, ffn], .channels [hidden] and "
          + ".layers [layers] (block influence). .scores(axis, batch='l2', sequence='mean', "
          + "neurons='post') aggregates anew with no further pass: batch and sequence are 'l2', "
          + "'mean' or 'var', neurons 'post' or 'pre' the activation.",
        example: "scores = importance(model, data)"
      ) { [unowned self] arguments in
        let model = try arguments.model("model")
        let tokens = try arguments.tokens("tokens")
        let result = try reporting("importance", total: tokens.count) { report in
          try importance(model, tokens) { done, _ in report.update(done) }
        }
        return .object(ImportanceObject(result, on: device))
      }
    ]
  }
}
