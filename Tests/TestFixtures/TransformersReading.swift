import Files
import JSONFormat
import TestTools

/// What transformers makes of a folder that Pare saved.
package struct TransformersReading {
  /// The logits of one row of ids, [time, vocab].
  package let logits: [Float]
  /// Every warning, every log line of WARNING or above, every missing or unexpected tensor.
  package let complaints: [String]

  private static let program = """
    import json, logging, sys, warnings
    warnings.simplefilter("error")
    import torch, transformers
    lines = []
    class Collector(logging.Handler):
        def emit(self, record):
            if record.levelno >= logging.WARNING:
                lines.append(record.getMessage())
    logging.getLogger().addHandler(Collector())
    logging.getLogger("transformers").addHandler(Collector())
    folder, ids = sys.argv[1], json.loads(sys.argv[2])
    model, info = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True)
    with torch.no_grad():
        logits = model.eval()(torch.tensor([ids])).logits[0]
    lines += [f"{kind}: {sorted(map(str, names))}" for kind, names in info.items() if names]
    print(json.dumps({"logits": logits.flatten().tolist(), "lines": lines}))
    """

  /// Opens the folder with every warning an error.
  /// - Throws: `FileError` with Python's words where transformers refuses the folder.
  package init(_ folder: String, ids: [Int]) throws {
    let (status, output, errors) = try PythonOracle.run(Self.program, [folder, "\(ids)"])
    guard status == 0, let json = try? JSON(reading: output) else {
      throw FileError(path: folder, reason: errors)
    }
    logits = (json["logits"]?.array ?? []).compactMap(\.double).map { Float($0) }
    complaints = (json["lines"]?.array ?? []).compactMap(\.string)
  }
}
