extension ChatTemplate {
  /// Where an outline has text of the template's own, which is kept.
  private static let hole: Character = "\u{FFFC}"

  /// The outlines of the templates that are known, and what each is.
  static let known: [(outline: [String], make: @Sendable ([String]) -> ChatTemplate)] = [
    (loop(turn), { _ in .chatML(system: nil) }),
    (loop(defaultInLoop + turn), { .chatML(system: $0[0]) }),
    (defaultBeforeLoop + loop(turn), { .chatML(system: $0[0]) }),
    (
      // Qwen 2.5: a system message at the start is printed before the loop, which leaves it out.
      [
        "if messages[0][role]==«system»",
        "print «<|im_start|>system\n»+messages[0][content]+«<|im_end|>\n»",
        "else", "print «<|im_start|>system\n\(hole)<|im_end|>\n»", "endif",
      ] + loop(["if \(TemplateOutline.exceptFirstSystem)"] + turn + ["endif"]),
      { .chatML(system: $0[0]) }
    ),
    (llama3, { _ in .llama3(date: nil) }),
    (llama31(["set date_string=«\(hole)»"]), { .llama3(date: $0[0]) }),
  ]

  private static func loop(_ body: [String]) -> [String] {
    ["for message in messages"] + body + ["endfor"]
  }

  private static let turn = [
    "print «<|im_start|>»+message[role]+«\n»+message[content]+«<|im_end|>\n»"
  ]
  private static let defaultInLoop = [
    "if loop.first and messages[0][role]!=«system»",
    "print «<|im_start|>system\n\(hole)<|im_end|>\n»", "endif",
  ]
  private static let defaultBeforeLoop = [
    "if messages[0][role]!=«system»", "print «<|im_start|>system\n\(hole)<|im_end|>\n»", "endif",
  ]

  private static let header = "«<|start_header_id|>»+message[role]+«<|end_header_id|>\n\n»"
  private static let llama3 = [
    "set loop_messages=messages", "for message in loop_messages",
    "set content=\(header)+message[content]|trim+«<|eot_id|>»", "if loop.index0==0",
    "set content=bos_token+content", "endif", "print content", "endfor",
  ]

  private static func llama31(_ date: [String]) -> [String] {
    ["print bos_token", "if not date_string is defined"] + date + [
      "endif",
      "if messages[0][role]==«system»", "set system_message=messages[0][content]|trim",
      "set messages=messages[1:]", "else", "set system_message=«»", "endif",
      "print «<|start_header_id|>system<|end_header_id|>\n\n»",
      "print «Cutting Knowledge Date: December 2023\n»", "print «Today Date: »+date_string+«\n\n»",
      "print system_message", "print «<|eot_id|>»",
    ]
      + loop([
        "if \(TemplateOutline.anyMessage)", "print \(header)+message[content]|trim+«<|eot_id|>»",
        "endif",
      ])
  }

  /// What stands in the holes of a known outline; nil where the outline is another.
  static func holes(of known: [String], in outline: [String]) -> [String]? {
    guard known.count == outline.count else { return nil }
    var holes: [String] = []
    for (known, piece) in zip(known, outline) where known != piece || known.contains(hole) {
      let ends = known.split(separator: hole, omittingEmptySubsequences: false)
      guard ends.count == 2, piece.hasPrefix(ends[0]), piece.hasSuffix(ends[1]),
        piece.count >= ends[0].count + ends[1].count
      else { return nil }
      let text = piece.dropFirst(ends[0].count).dropLast(ends[1].count)
      // More than a string's own text would be an expression.
      guard !text.contains(where: { $0 == "«" || $0 == "»" }), !text.contains("<|im_end|>") else {
        return nil
      }
      holes.append(String(text))
    }
    return holes
  }

  /// What an unknown template looks like, for a message.
  static func guess(_ template: String) -> String {
    let marks = [
      ("<think>", "one that writes thoughts (such as Qwen 3's or SmolLM3's)"),
      ("<|im_start|>", "a variant of ChatML that does more than print turns"),
      ("<|start_header_id|>", "a variant of Llama 3's"),
      ("<start_of_turn>", "Gemma's"), ("[INST]", "Mistral's or Llama 2's"),
      ("<|START_OF_TURN_TOKEN|>", "Command R's"), ("<｜User｜>", "DeepSeek's"),
      ("<|channel|>", "gpt-oss's"), ("<|user|>", "Phi 3's, Zephyr's or a relative"),
      ("### Instruction", "Alpaca's"),
    ]
    if let (_, name) = marks.first(where: { template.contains($0.0) }) { return name }
    let start = template.prefix(40).map { $0.isNewline ? " " : $0 }
    return "one that begins with '\(String(start))'"
  }
}
