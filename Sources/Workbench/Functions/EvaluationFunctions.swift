import Evaluation
import Language
import Models

extension Session {
  /// loss, perplexity, compare.
  var evaluationFunctions: [BuiltinFunction] {
    [
      function(
        "loss", "model, tokens, edit=None", "The language-modelling loss: .mean .stderr .tokens.",
        text: "Positions 1 to length−1 of each window are scored. mean is in nats a token over all "
          + "of them; stderr is the standard deviation of the window means over √n. edit={name: "
          + "function} changes activations on the way, see activations. model may be the path of a "
          + "model larger than memory.",
        example: "loss(model, data).mean"
      ) { [unowned self] arguments in
        let model = try edited(try arguments.modelOrPath("model", self), arguments)
        return .object(LossObject(try loss(model, arguments)))
      },
      function(
        "perplexity", "model, tokens", "exp of the mean loss.",
        example: "perplexity(model, data)"
      ) { [unowned self] in
        .float(try loss(try $0.modelOrPath("model", self), $0).perplexity)
      },
      function(
        "compare", "*models, tokens=",
        "A table of models: size, loss, and how closely each follows the first.",
        text: "Columns: name, parameters, bytes (in the type that save writes), loss, perplexity, "
          + "agreement (share of positions with the first model's most likely token) and kl "
          + "(KL(first ‖ it), the mean over all positions in nats).",
        example: "compare(model, student, tokens=data)"
      ) { [unowned self] arguments in
        let models = try arguments.variadic("models").map { value -> Model in
          if value.isSequence {
            throw LanguageError(
              "compare takes models one by one, not in \(value.typePhrase): compare(a, b, "
                + "tokens=data), or compare(*models, tokens=data)")
          }
          guard case .object(let object) = value, let model = object as? ModelObject else {
            throw LanguageError(
              "compare takes models, not \(value.typePhrase); give tokens= by name")
          }
          return model.model
        }
        guard !models.isEmpty else { throw LanguageError("compare needs a model") }
        let tokens = try arguments.tokens("tokens")
        return .object(
          TableObject(
            try reporting("compare", total: tokens.count) { report in
              try compare(models, tokens) { done, _ in report.update(done) }
            }, names: distinctLabels(models)))
      },
    ]
  }

  private func loss(_ model: Model, _ arguments: BoundArguments) throws -> LossSummary {
    let tokens = try arguments.tokens("tokens")
    return try reporting("loss", total: tokens.count) { report in
      try Evaluation.loss(model, tokens) { done, _ in report.update(done) }
    }
  }
}
