import Files
import JSONFormat

/// What a source of text holds.
package enum TextContent: Equatable {
  /// One text.
  case text(String)
  /// Lines of instruction data, all of one kind.
  case examples([InstructionExample])
}

/// Reads the lines of a `.jsonl`, which are all of one kind: `text`, or `messages`, or `prompt`
/// with `completion`; a line that has several is the first of them.
struct JSONLines {
  private enum Kind: String {
    case text = "text"
    case conversation = "messages"
    case completion = "prompt and completion"
  }

  private let path: String
  private var kind: Kind?
  private var texts: [String] = []
  private var examples: [InstructionExample] = []

  /// - Throws: `FileError` naming the line.
  static func read(_ bytes: [UInt8], path: String) throws -> TextContent {
    var lines = JSONLines(path: path)
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
      try lines.add(Array(line), number: index + 1)
    }
    return lines.examples.isEmpty
      ? .text(lines.texts.joined(separator: "\n\n")) : .examples(lines.examples)
  }

  private init(path: String) { self.path = path }

  private mutating func add(_ line: [UInt8], number: Int) throws {
    let path = path
    func fault(_ reason: String) -> FileError {
      FileError(path: path, reason: "line \(number)\(reason)")
    }
    let json: JSON
    do {
      json = try JSON(reading: line)
    } catch {
      throw fault(": \(error)")
    }
    let found = try content(of: json, fault)
    if let kind, kind != found {
      throw fault(" has \(found.rawValue), where the lines before have \(kind.rawValue)")
    }
    kind = found
  }

  /// Keeps what a line holds and returns its kind.
  private mutating func content(of json: JSON, _ fault: (String) -> FileError) throws -> Kind {
    if let text = json["text"]?.string {
      texts.append(text)
      return .text
    }
    if let messages = json["messages"], !messages.isNull {
      examples.append(.conversation(try Self.messages(messages, fault)))
      return .conversation
    }
    guard let prompt = json["prompt"]?.string, let completion = json["completion"]?.string else {
      throw fault(
        " has no string \"text\", no strings \"prompt\" and \"completion\", no \"messages\"")
    }
    examples.append(.completion(prompt: prompt, completion: completion))
    return .completion
  }

  private static func messages(
    _ json: JSON, _ fault: (String) -> FileError
  ) throws -> [ChatMessage] {
    guard let array = json.array, !array.isEmpty else {
      throw fault(": \"messages\" is no list of at least one message")
    }
    return try array.enumerated().map { index, message in
      guard let name = message["role"]?.string, let content = message["content"]?.string else {
        throw fault(": messages[\(index)] has no strings \"role\" and \"content\"")
      }
      guard let role = ChatMessage.Role(rawValue: name) else {
        throw fault(
          ": messages[\(index)] has the role \"\(name)\"; system, user and assistant are known")
      }
      return ChatMessage(role, content)
    }
  }
}
