/// Breaks a word that holds a formula into lines, behind signs between two operands as TeX does.
struct FormulaBreaks {
  /// What stays together, from left to right.
  private let terms: [(text: String, isMath: Bool)]

  init(_ word: Substring) {
    terms = MathText.parts(of: word).flatMap { part in
      part.isMath
        ? Self.terms(of: part.text).map { (String($0), true) } : [(String(part.text), false)]
    }
  }

  /// As many terms to a piece as fit, an ellipsis for one that does not fit alone.
  func pieces(_ fits: (String) -> Bool) -> (pieces: [String], isCut: Bool) {
    var (pieces, isCut) = ([String](), false)
    var line: [(text: String, isMath: Bool)] = []
    for term in terms {
      if fits(Self.text(line + [term])) {
        line.append(term)
        continue
      }
      if !line.isEmpty { pieces.append(Self.text(line)) }
      line = fits(Self.text([term])) ? [term] : []
      if line.isEmpty {
        pieces.append("…")
        isCut = true
      }
    }
    if !line.isEmpty { pieces.append(Self.text(line)) }
    return (pieces, isCut)
  }

  private static func text(_ terms: [(text: String, isMath: Bool)]) -> String {
    var text = ""
    for (index, term) in terms.enumerated() {
      let continues = index > 0 && terms[index - 1].isMath && term.isMath
      if continues { text.removeLast() }
      text += term.isMath ? (continues ? "" : "$") + term.text + "$" : term.text
    }
    // A sign at the end keeps the space that it has before an operand.
    if terms.last?.isMath == true {
      text.removeLast()
      text += "{}$"
    }
    return text
  }

  /// A formula cut behind each sign between two operands that no group holds.
  private static func terms(of formula: Substring) -> [Substring] {
    var terms: [Substring] = []
    var (rest, start, depth) = (formula, formula.startIndex, 0)
    func isBetween(_ kind: MathClass?) -> Bool { kind == .binary || kind == .relation }
    while let character = rest.popFirst() {
      var isSign = false
      switch character {
      case "{": depth += 1
      case "}": depth -= 1
      case "^", "_": if rest.first != "{", rest.first != "\\" { rest = rest.dropFirst() }
      case "\\":
        let name = rest.prefix { $0.isASCII && $0.isLetter }
        rest = rest.dropFirst(max(name.count, 1))
        if name == "left" { depth += 1 }
        if name == "right" { depth -= 1 }
        isSign = isBetween(MathSymbols.commands[String(name)]?.class)
      default: isSign = isBetween(MathSymbols.signs[character]?.class)
      }
      let term = formula[start..<rest.startIndex]
      // A sign before the first operand is a part of it.
      guard isSign, depth == 0, term.contains(where: { $0.isLetter || $0.isNumber }) else {
        continue
      }
      terms.append(term)
      start = rest.startIndex
    }
    return start < formula.endIndex ? terms + [formula[start...]] : terms
  }
}
