/// A Jinja chat template as a list of what it does to plain messages, each piece in one spelling.
///
/// Nothing is evaluated. The outline is what templates of one meaning share: each tag has the spelling
/// that `TemplateTags` gives it, and branches that plain messages never enter (tools, the generation
/// prompt) are left out.
struct TemplateOutline {
  /// `if C`, `else`, `for V in L`, `set V=E`, `print E`, `text T`, and so on, in order.
  private(set) var pieces: [String] = []
  /// Open `if` and `for`: whether the present branch is left out, whether a kept `if` is theirs.
  private var open: [Block] = []

  private struct Block {
    var isOut: Bool
    /// Whether its condition is one of `unmet`.
    let isUnmet: Bool
    /// Whether the piece that opened it was kept, so that its end is.
    var isKept: Bool
    /// Whether every later branch is left out: plain messages all take an earlier one.
    var isSettled = false
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
  /// Conditions that hold for every message that a loop meets; the first one leaves out a system
  /// message at the start, which is printed before the loop.
  static let exceptFirstSystem =
    "(message[role]==«user»)or(message[role]==«system»and not loop.first)"
    + "or(message[role]==«assistant»and not message[tool_calls])"
  static let anyMessage =
    "not(message[role]==«ipython»or message[role]==«tool»or«tool_calls»in message)"

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

  private var isOut: Bool { open.contains(where: \.isOut) }

  private mutating func keep(_ piece: String) {
    if !isOut { pieces.append(piece) }
  }

  /// Takes a statement; false where it does not fit.
  private mutating func handle(_ word: String, _ rest: String) -> Bool {
    switch word {
    case "if", "for":
      let isUnmet = word == "if" && Self.unmet.contains(rest)
      let isKept = !isOut && !isUnmet
      if isKept { pieces.append("\(word) \(rest)") }
      open.append(
        Block(
          isOut: isUnmet, isUnmet: isUnmet, isKept: isKept,
          isSettled: [Self.anyMessage, Self.exceptFirstSystem].contains(rest)))
    case "elif", "else":
      guard var block = open.popLast() else { return false }
      // A branch after one that is left out may be taken, and is not known here.
      if word == "elif", block.isUnmet { return false }
      if block.isSettled {
        guard word == "elif", !rest.contains("«system»") else { return false }
        block.isOut = true
      } else if block.isKept {
        keep(rest.isEmpty ? word : "\(word) \(rest)")
      } else if word == "else" {
        block.isOut = false
      }
      open.append(block)
    case "endif", "endfor":
      guard let block = open.popLast() else { return false }
      if block.isKept { keep(word) }
    default: keep("\(word) \(rest)")
    }
    return true
  }
}
