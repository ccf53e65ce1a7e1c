import Tokenizers

/// How a model writes a conversation: its chat template, where that is one of those known here.
///
/// The template is Jinja and is not run; its outline must be, piece by piece, one of the outlines
/// that ChatML's and Llama 3's templates have.
package enum ChatTemplate: Equatable {
  /// `<|im_start|>role`, newline, content, `<|im_end|>`, newline; before it all `system`, where the
  /// first message is none (SmolLM2, Qwen 2, Qwen 2.5).
  case chatML(system: String?)
  /// The begin token, then `<|start_header_id|>role<|end_header_id|>`, two newlines, the content
  /// without blanks around it, `<|eot_id|>` (Llama 3). With a date (Llama 3.1 to 3.3) there is
  /// always a system message that names it.
  case llama3(date: String?)

  /// Recognizes the Jinja source of a template.
  /// - Throws: `CorpusError` for any other template, with its kind where that shows.
  package init(recognizing template: String) throws {
    let outline = TemplateOutline(template)?.pieces ?? []
    for (known, make) in Self.known {
      if let holes = Self.holes(of: known, in: outline) {
        self = make(holes)
        return
      }
    }
    throw CorpusError.invalid(
      "the model's chat template is \(Self.guess(template)); messages are rendered by ChatML's and "
        + "Llama 3's alone: render them yourself, as lines with \"prompt\" and \"completion\"")
  }

  /// The template of a model.
  /// - Throws: `CorpusError` where there is none, or as `init(recognizing:)`.
  package init(of tokenizer: Tokenizer) throws {
    guard let template = tokenizer.chatTemplate else {
      throw CorpusError.invalid(
        "messages need the model's chat template, and its tokenizer has none (chat_template of "
          + "tokenizer_config.json, chat_template.jinja, tokenizer.chat_template of a GGUF): give "
          + "lines with \"prompt\" and \"completion\"")
    }
    try self.init(recognizing: template)
  }

  /// A conversation as the template prints it, without a prompt for another turn; learnt are the
  /// content and the end-of-turn token of each assistant's turn.
  /// - Parameter begin: the text of the tokenizer's begin token, which Llama 3's template prints.
  package func pieces(of messages: [ChatMessage], begin: String) -> [InstructionPiece] {
    var pieces = PieceList()
    var messages = messages[...]
    switch self {
    case .chatML(let system):
      if let system, messages.first?.role != .system {
        pieces.add("<|im_start|>system\n\(system)<|im_end|>\n", isLearnt: false)
      }
      for message in messages {
        let isLearnt = message.role == .assistant
        pieces.add("<|im_start|>\(message.role)\n", isLearnt: false)
        pieces.add("\(message.content)<|im_end|>", isLearnt: isLearnt)
        pieces.add("\n", isLearnt: false)
      }
    case .llama3(let date):
      pieces.add(begin, isLearnt: false)
      if let date {
        let system = messages.first?.role == .system ? messages.removeFirst().content.trimmed : ""
        pieces.add(
          Self.header(.system) + "Cutting Knowledge Date: December 2023\nToday Date: \(date)\n\n"
            + "\(system)<|eot_id|>", isLearnt: false)
      }
      for message in messages {
        pieces.add(Self.header(message.role), isLearnt: false)
        pieces.add("\(message.content.trimmed)<|eot_id|>", isLearnt: message.role == .assistant)
      }
    }
    return pieces.all
  }

  private static func header(_ role: ChatMessage.Role) -> String {
    "<|start_header_id|>\(role)<|end_header_id|>\n\n"
  }
}

/// Pieces of which neighbours of one kind are joined.
private struct PieceList {
  var all: [InstructionPiece] = []

  mutating func add(_ text: String, isLearnt: Bool) {
    if all.last?.isLearnt == isLearnt {
      all[all.count - 1].text += text
    } else if !text.isEmpty {
      all.append(InstructionPiece(text: text, isLearnt: isLearnt))
    }
  }
}

extension String {
  /// Without the blanks at its ends, as Jinja's `trim` (Python's `str.strip`) has it.
  fileprivate var trimmed: String {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
    let start = unicodeScalars.drop(while: isBlank)
    let end = start.lastIndex { !isBlank($0) }
    return end.map { String(start[...$0]) } ?? ""
  }
}
