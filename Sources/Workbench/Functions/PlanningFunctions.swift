import Compression
import Files
import JSONFormat
import Language
import Models

extension Session {
  /// plan.
  var planningFunctions: [BuiltinFunction] {
    [
      function(
        "plan", "model, hidden=None, ffn=None, heads=None, layers=None",
        "Counts what a model or a cut of it holds and costs; no weight is touched.",
        text: "model: a model, a config as a dict, or the path of a folder, a config.json or a "
          + ".gguf; a folder with only a config.json will do. Sizes as in prune. Returns "
          + ".parameters, .non_embedding (without token and position embeddings and the head), "
          + ".bytes(dtype=\"bf16\"), .flops_per_token(length=0), .kv_bytes_per_token(dtype=\"bf16\") "
          + "and the sizes of what stays; shown, it is a table of before and after.",
        example: "plan(\"Llama-3.1-8B/config.json\", hidden=3072, ffn=9216).parameters"
      ) { [unowned self] arguments in
        let plan = try Plan(
          configuration(arguments), arguments.pruningRequest(["hidden", "ffn", "heads", "layers"]))
        warn(plan.warnings)
        return .object(PlanObject(plan))
      }
    ]
  }

  /// The configuration that the argument `model` stands for.
  private func configuration(_ arguments: BoundArguments) throws -> Configuration {
    switch arguments.value("model") {
    case .object(let object as ModelObject):
      try object.model.requireUnmasked(for: "plan")
      return object.model.configuration
    case .object(let object as PlanObject): return object.plan.after
    case .dict(let dict): return try Configuration(try Value.dict(dict).json(), file: "the config")
    case .string(let given): return try Model.configuration(at: path(given))
    default: throw arguments.mismatch("model", "a model, a config (a dict) or a path")
    }
  }

  /// Puts out warnings, each a sentence and each once a cell.
  func warn(_ sentences: [String]) {
    for sentence in sentences where warned.insert(sentence).inserted {
      output(.notice("warning: " + sentence))
    }
  }
}
