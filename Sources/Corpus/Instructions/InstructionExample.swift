/// One line of instruction data: text of which a part is to be learnt.
package enum InstructionExample: Equatable {
  /// A prompt, which is given, and its completion, which is learnt.
  case completion(prompt: String, completion: String)
  /// A conversation, of which the assistant's turns are learnt.
  case conversation([ChatMessage])
}

/// A turn of a conversation.
package struct ChatMessage: Equatable {
  /// Who speaks.
  package enum Role: String, CaseIterable {
    case system, user, assistant
  }

  /// Who speaks.
  package let role: Role
  /// What is said.
  package let content: String

  /// A turn.
  package init(_ role: Role, _ content: String) {
    self.role = role
    self.content = content
  }
}

/// A stretch of a rendered example, tokenized by itself.
package struct InstructionPiece: Equatable {
  /// The text.
  package var text: String
  /// Whether a model learns to write it.
  package let isLearnt: Bool
}
