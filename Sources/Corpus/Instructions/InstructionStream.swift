import Tokenizers

/// The ids of instruction data, example after example, and which of them are to be learnt.
package struct InstructionStream: Equatable {
  /// The ids.
  package private(set) var ids: [Int] = []
  /// For each id whether it is learnt.
  package private(set) var isLearnt: [Bool] = []

  /// Encodes examples. What is given and what is learnt are encoded apart, so that no token reaches
  /// over their border and a prompt has the ids that it has when the model is asked.
  ///
  /// - A prompt with a completion: the post-processor's tokens go around both; the completion is
  ///   learnt with what follows it, the end token last.
  /// - A conversation: the tokens are those that the chat template writes, no others.
  /// - Parameter poll: called often; what it throws ends the work.
  /// - Throws: `CorpusError` where the tokenizer has no end token, or no chat template known here;
  ///   what `Tokenizer.encode` throws.
  package init(
    _ examples: [InstructionExample], tokenizer: Tokenizer, poll: (() throws -> Void)? = nil
  ) throws {
    var template: ChatTemplate?
    for example in examples {
      switch example {
      case .completion(let prompt, let completion):
        guard let end = tokenizer.endTokens.first else {
          throw CorpusError.invalid(
            "a completion ends with the end token, and this tokenizer names none (eos_token)")
        }
        let (before, after) = tokenizer.frame
        append(before + (try tokenizer.encode(prompt, special: false, poll: poll)), isLearnt: false)
        append(try tokenizer.encode(completion, special: false, poll: poll), isLearnt: true)
        append(after.last == end ? after : after + [end], isLearnt: true)
      case .conversation(let messages):
        let known = try template ?? ChatTemplate(of: tokenizer)
        template = known
        for piece in known.pieces(of: messages, begin: try Self.beginText(tokenizer)) {
          append(
            try tokenizer.encode(piece.text, special: false, poll: poll), isLearnt: piece.isLearnt)
        }
      }
    }
  }

  private mutating func append(_ new: [Int], isLearnt: Bool) {
    ids += new
    self.isLearnt += [Bool](repeating: isLearnt, count: new.count)
  }

  /// What `bos_token` is in a template; nothing where there is none, as there.
  private static func beginText(_ tokenizer: Tokenizer) throws -> String {
    try tokenizer.beginToken.map { try tokenizer.decode([$0]) } ?? ""
  }
}

extension WindowSelection {
  /// The chosen windows of what a source holds.
  /// - Parameter poll: called often; what it throws ends the work.
  /// - Throws: `CorpusError` where it gives too few; as `InstructionStream`.
  package func windows(
    of content: TextContent, tokenizer: Tokenizer, poll: (() throws -> Void)? = nil
  ) throws -> TokenWindows {
    switch content {
    case .text(let text): try windows(of: tokenizer.encode(text, poll: poll))
    case .examples(let examples):
      try windows(of: InstructionStream(examples, tokenizer: tokenizer, poll: poll))
    }
  }

  /// The chosen windows of a stream, of those in which something is learnt.
  /// - Throws: `CorpusError` where there are too few.
  package func windows(of stream: InstructionStream) throws -> TokenWindows {
    let all = try cut(stream.ids)
    let kept = (0..<all.count).filter { window in
      // Nothing in a window comes before its first id, so that one is no target.
      stream.isLearnt[window * length..<(window + 1) * length].dropFirst().contains(true)
    }
    guard !kept.isEmpty else {
      throw CorpusError.invalid(
        "none of the \(all.count) windows of \(length) tokens holds a token to learn")
    }
    return try selecting(
      from: TokenWindows(
        kept.flatMap { all[$0].map { Int($0) } }, length: length,
        learnt: kept.flatMap { stream.isLearnt[$0 * length..<($0 + 1) * length] }))
  }
}
