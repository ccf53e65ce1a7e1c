import Corpus
import Kernels
import Language
import Models
import Tensors

extension Session {
  /// load, save, logits, generate.
  var modelFunctions: [BuiltinFunction] {
    [
      function(
        "load", "path", "Loads a model, a tensor, a dict of tensors, saved scores or a run.",
        text: "path: a Hugging Face folder or a .gguf (a model), .npy (a tensor), .safetensors (a "
          + "dict of tensors, or the importance that was saved there), or the folder of a run, whose "
          + ".model is the student of its last checkpoint.",
        example: "model = load(\"~/.cache/pare/smollm2-135m.gguf\")"
      ) { [unowned self] in try load(try $0.string("path")) },
      function(
        "save", "value, path, dtype=None, width=None, height=None, dpi=300, theme=None",
        "Writes a value to a file or folder, whole or not at all.",
        text:
          "A model becomes a Hugging Face folder with its tokenizer, in the type its checkpoint "
          + "had or in dtype ('f32', 'bf16', 'f16'); a tensor or tokens .npy; a dict of tensors or "
          + "an importance .safetensors; a table .csv, .json or .tex; a figure .png, .pdf or .svg, "
          + "width and height in inches, or width \"column\" (3.35) or \"page\" (6.9), in the theme "
          + "of theme() or another.",
        example: "save(student, \"student\")"
      ) { [unowned self] in try save($0) },
      function(
        "logits", "model, ids, edit=None",
        "The logits of every position, f32 [batch, time, vocab].",
        text: "ids: i64 [batch, time], or a flat list for a batch of one. edit={name: function} "
          + "changes activations on the way, see activations.",
        example: "logits(model, [[1, 2, 3]])[0, -1].argmax()"
      ) { [unowned self] arguments in
        let model = try edited(try arguments.model("model"), arguments)
        return .tensor(try model.logits(try idBatch(arguments.value("ids"), on: model.device)))
      },
      function(
        "generate",
        "model, prompt, max_tokens=40, temperature=0.0, top_p=1.0, seed=None, edit=None",
        "Continues a text (giving text) or a list of ids (giving ids).",
        text: "Returns the continuation alone; stops at the end token; applies no chat template. "
          + "temperature 0 takes the most likely token, above it draws from the most likely ones "
          + "that make up top_p. edit={name: function} changes activations on the way, those of "
          + "the prompt first and then of one token at a time, see activations.",
        example: "generate(model, \"The capital of France is\", max_tokens=8)"
      ) { [unowned self] in try generate($0) },
    ]
  }

  /// Ids [batch, time] of a tensor, tokens, or nested lists; a flat list is a batch of one.
  func idBatch(_ value: Value, on device: any Device) throws -> Tensor {
    let tensor = try Tensor.nested(value, on: device)
    guard tensor.count > 0 else {
      throw LanguageError("there are no ids: a model takes at least one")
    }
    guard tensor.type == .i64, tensor.rank == 1 || tensor.rank == 2 else {
      throw LanguageError(
        "ids are ints [batch, time], not \(tensor.type.name) \(tensor.shape)")
    }
    return tensor.rank == 1 ? try tensor.reshaped([1, tensor.count]) : tensor
  }

  private func generate(_ arguments: BoundArguments) throws -> Value {
    let model = try edited(try arguments.model("model"), arguments)
    let count = try arguments.int("max_tokens")
    let sampling = Sampling(
      temperature: try arguments.double("temperature"), topP: try arguments.double("top_p"))
    guard count >= 0, sampling.temperature >= 0, sampling.topP > 0, sampling.topP <= 1 else {
      throw LanguageError(
        "generate takes max_tokens and temperature of at least 0, and top_p in (0, 1]")
    }
    var generator = RandomGenerator(seed: try arguments.seed("seed", self))
    let text = arguments.value("prompt").asString
    let tokenizer = text == nil ? model.text.tokenizer : try model.text.required()
    let prompt: [Int]
    if let text, let tokenizer {
      prompt = try tokenizer.encode(text, poll: Interrupt.check)
    } else {
      prompt = try ids(arguments.value("prompt"))
    }
    let made = try model.generate(
      prompt, count: count, sampling: sampling, ends: Set(tokenizer?.endTokens ?? []),
      using: &generator)
    if text != nil, let tokenizer { return .string(try tokenizer.decode(made)) }
    return .list(made.map { .int($0) })
  }
}
