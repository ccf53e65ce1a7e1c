/// A Jinja chat template as a list of what it does to plain messages, each piece in one spelling.
///
/// Nothing is evaluated. The outline is what templates of one meaning share: each tag has the
/// spelling that `TemplateTags` gives it, and branches that plain messages never enter (tools, the
/// generation prompt) are left out.
struct TemplateOutline {
  /// `if C`, `else`, `for V in L`, `set V=E`, `print E`, `text T`, and so on, in order.
  private(set) var pieces: [String] = []
  /// The `if` and `for` that are open.
  private var open: [Block] = []
  /// How many of them are in a branch that is left out.
  private var outDepth = 0

  private struct Block {
    let condition: String
    /// Whether the piece that opened it was kept, so that its other pieces are.
    let isKept: Bool
    /// Whether the present branch is left out.
    var isOut: Bool
  }

  /// Conditions that do not hold for plain messages without tools, or that set what nothing of them
  /// reads. `strftime_now` is among them: today's date would make the ids depend on the day, so the
  /// date that the template falls back on stands.
  private static let unmet: Set<String> = [
    "tools", "tools is not none", "tools_in_user_message and not tools is none",
    "tools is not none and not tools_in_user_message",
    "builtin_tools is defined", "builtin_tools is defined or tools is not none",
    "custom_tools is defined",
    "not tools is defined", "not tools_in_user_message is defined", "add_generation_prompt",
    "not add_generation_prompt is defined", "strftime_now is defined",
  ]
  /// The condition of a loop's branch that takes every plain message but a system message at the
  /// start, which is printed before the loop.
  static let exceptFirstSystem =
    "(message[role]==«user»)or(message[role]==«system»and not loop.first)"
    + "or(message[role]==«assistant»and not message[tool_calls])"
  /// The condition of a loop's branch that takes every plain message.
  static let anyMessage =
    "not(message[role]==«ipython»or message[role]==«tool»or«tool_calls»in message)"
  /// The branches after the first of these two that no plain message enters.
  private static let ofTools = ["elif message[role]==«assistant»", "elif message[role]==«tool»"]

  /// The outline; nil where the template's own syntax is not read.
  init?(_ template: String) {
    guard let tags = TemplateTags(template) else { return nil }
    for tag in tags.all {
      switch tag {
      case .text(let text): keep("text \(text)")
      case .print(let expression): keep("print \(expression)")
      case .statement(let word, let rest):
        guard handle(word, rest) else { return nil }
      }
    }
    guard open.isEmpty else { return nil }
  }

  private mutating func keep(_ piece: String) {
    if outDepth == 0 { pieces.append(piece) }
  }

  private mutating func push(_ block: Block) {
    open.append(block)
    if block.isOut { outDepth += 1 }
  }

  private mutating func pop() -> Block? {
    guard let block = open.popLast() else { return nil }
    if block.isOut { outDepth -= 1 }
    return block
  }

  /// Takes a statement; false where it does not fit.
  private mutating func handle(_ word: String, _ rest: String) -> Bool {
    let piece = rest.isEmpty ? word : "\(word) \(rest)"
    switch word {
    case "if", "for":
      let isUnmet = word == "if" && Self.unmet.contains(rest)
      let isKept = outDepth == 0 && !isUnmet
      if isKept { keep(piece) }
      push(Block(condition: rest, isKept: isKept, isOut: isUnmet))
    case "elif", "else":
      guard var block = pop() else { return false }
      if Self.unmet.contains(block.condition) {
        // An `elif` after a branch that is left out may be taken, and is not known here.
        guard word == "else" else { return false }
        block.isOut = false
      } else if block.condition == Self.anyMessage
        || block.condition == Self.exceptFirstSystem && Self.ofTools.contains(piece)
      {
        block.isOut = true
      } else if block.isKept {
        keep(piece)
      }
      push(block)
    case "endif", "endfor":
      guard let block = pop() else { return false }
      if block.isKept { keep(word) }
    default: keep(piece)
    }
    return true
  }
}
