import Corpus
import Kernels
import Language
import Models
import Tensors

extension Session {
  /// tokens, split.
  var textFunctions: [BuiltinFunction] {
    [
      function(
        "tokens", "source, model=None, length=256, samples=None, skip=0, shuffle=False, seed=None",
        "Cuts a text or ids into windows of token ids [samples, length].",
        text:
          "source: a text, the path of a text file (.jsonl: the text field of each line; .gz by "
          + "the ending beneath it), a list of ids, or ids [n, length]. The text is tokenized once "
          + "by the tokenizer of the model (or of the one at a path) and cut, the tail dropped; then "
          + "shuffled, then skip windows are left out, then samples taken. Lines of a .jsonl with prompt and completion, or with "
          + "messages (rendered by the model's chat template, ChatML's or Llama 3's), are "
          + "instruction data: losses count the completion and the end token, or the assistant's "
          + "turns with their end token, and .learnt [samples, length] says which ids those are; "
          + "windows with none are dropped; distances from a teacher are over all positions. Prompt "
          + "and completion are tokenized apart. save to .npy keeps the ids alone.",
        example: "data = tokens(\"text.txt\", model, length=512, samples=40)"
      ) { [unowned self] in .object(TokensObject(try tokens($0), on: device)) },
      function(
        "split", "tokens, fraction", "Two parts of the windows, in order.",
        example: "train, test = split(data, 0.9)"
      ) { [unowned self] arguments in
        let (first, second) = try arguments.tokens("tokens").split(
          try arguments.double("fraction"))
        return .tuple([
          .object(TokensObject(first, on: device)), .object(TokensObject(second, on: device)),
        ])
      },
    ]
  }

  private func tokens(_ arguments: BoundArguments) throws -> TokenWindows {
    let given = arguments.value("source")
    let selection = WindowSelection(
      length: try arguments.int("length"), samples: try arguments.optionalInt("samples"),
      skip: try arguments.int("skip"),
      shuffleSeed: try arguments.bool("shuffle") ? try arguments.seed("seed", self) : nil)
    if let windows = try existingWindows(given) {
      if arguments.isGiven("length"), windows.length != selection.length {
        throw LanguageError(
          "the windows have \(windows.length) tokens each; length=\(selection.length) cannot cut "
            + "them anew")
      }
      return try selection.selecting(from: windows)
    }
    guard let text = given.asString else { return try selection.windows(of: ids(given)) }
    guard !arguments.value("model").isNone else {
      throw LanguageError(
        "tokens of a text need a model, whose tokenizer cuts it: tokens(text, model)")
    }
    let source = try TextSource(text, resolving: path)
    let tokenizer = try textSupport(arguments).required()
    return try selection.windows(
      of: source.content(), tokenizer: tokenizer, poll: Interrupt.check)
  }

  /// The tokenizer of a model, or of one at a path that need not be loaded.
  private func textSupport(_ arguments: BoundArguments) throws -> TextSupport {
    guard let place = arguments.value("model").asString else {
      return try arguments.model("model").text
    }
    return try Model.text(at: path(place))
  }

  /// Ids [n, length] that are windows already; nil for anything else.
  private func existingWindows(_ source: Value) throws -> TokenWindows? {
    if case .object(let object) = source, let tokens = object as? TokensObject {
      return tokens.windows
    }
    let isNested: Bool =
      switch source {
      case .list(let list): list.elements.first?.isSequence ?? false
      case .tuple(let tuple): tuple.first?.isSequence ?? false
      case .object(let object): ((object as? TensorObject)?.tensor.rank ?? 1) != 1
      default: false
      }
    guard isNested else { return nil }
    let tensor = try Tensor.nested(source, on: device)
    guard tensor.type == .i64, tensor.rank == 2, tensor.count > 0 else {
      throw LanguageError(
        "windows are ints [n, length], not \(tensor.type.name) \(tensor.shape)")
    }
    return try TokenWindows(try tensor.integers().map { Int($0) }, length: tensor.shape[1])
  }
}
