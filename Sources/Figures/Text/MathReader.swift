/// Reads a formula, in TeX's manner.
struct MathReader {
  private var rest: Substring
  /// What was not understood, a clause each.
  private(set) var faults: [String] = []
  private var look = Look()
  private var depth = 0

  /// Nobody nests groups deeper.
  private static let mostDepth = 30

  /// How letters are drawn that no command says more of.
  private struct Look {
    /// Whether letters are variables, which are slanted.
    var isItalic = true
    var isBold = false
    /// Other letters to draw instead, by the letter.
    var alphabet: [Character: Character] = [:]
    /// Whether spaces are kept.
    var isText = false
  }

  init(_ text: Substring) { rest = text }

  /// The atoms of the whole formula.
  mutating func atoms() -> [MathAtom] {
    var atoms: [MathAtom] = []
    while !rest.isEmpty {
      atoms += wholeRow()
      if rest.popFirst() != nil { fault("a } closes nothing") }
    }
    return atoms
  }

  /// The atoms up to the end or the closing brace, `\right` without its `\left` passed over.
  private mutating func wholeRow() -> [MathAtom] {
    var atoms = row()
    while rest.hasPrefix("\\right") {
      rest = rest.dropFirst("\\right".count)
      fault("a \\right has no \\left")
      atoms += row()
    }
    return atoms
  }

  private mutating func fault(_ clause: String) {
    if !faults.contains(clause) { faults.append(clause) }
  }

  /// The atoms up to the end, or to the brace or the `\right` that closes a group.
  private mutating func row() -> [MathAtom] {
    var atoms: [MathAtom] = []
    while let character = rest.first, character != "}", !rest.hasPrefix("\\right") || isArrow {
      rest.removeFirst()
      switch character {
      case " ", "\u{A0}":
        if look.isText { Self.append(MathAtom(letters(" ")), to: &atoms) }
      case "^", "_":
        let script = MathNode.row(argument(of: "\(character)"))
        atoms.append(
          Self.scripted(atoms.popLast(), upper: character == "^" ? script : nil, lower: script))
      default:
        if let atom = atom(character) { Self.append(atom, to: &atoms) }
      }
    }
    return atoms
  }

  /// Adds an atom, letters to those before them where they look alike.
  private static func append(_ atom: MathAtom, to atoms: inout [MathAtom]) {
    if case .letters(let text, let isSlanted, let isBold) = atom.node, atom.class == .ordinary,
      let last = atoms.last, last.class == .ordinary,
      case .letters(let before, isSlanted, isBold) = last.node
    {
      atoms[atoms.count - 1].node = .letters(
        before + text, isSlanted: isSlanted, isBold: isBold)
    } else {
      atoms.append(atom)
    }
  }

  /// Whether what begins with `\right` is an arrow.
  private var isArrow: Bool { rest.hasPrefix("\\rightarrow") }

  /// An atom with one more script: above it where there is an `upper` one.
  private static func scripted(
    _ atom: MathAtom?, upper: MathNode?, lower: MathNode
  ) -> MathAtom {
    let base = atom ?? MathAtom(.letters(""))
    switch base.node {
    case .scripts(let inner, nil, let below) where upper != nil:
      return MathAtom(.scripts(inner, upper: upper, lower: below), base.class)
    case .scripts(let inner, let above, nil) where upper == nil:
      return MathAtom(.scripts(inner, upper: above, lower: lower), base.class)
    default:
      return MathAtom(
        .scripts(base.node, upper: upper, lower: upper == nil ? lower : nil), base.class)
    }
  }

  /// The next group, command or character as what a command is of.
  private mutating func argument(of command: String) -> [MathAtom] {
    rest = rest.drop { $0 == " " || $0 == "\u{A0}" }
    guard let next = rest.first, next != "}" else {
      fault("\(command) has nothing behind it")
      return []
    }
    rest.removeFirst()
    return next == "{" ? group() : [atom(next)].compactMap(\.self)
  }

  /// The atoms up to the closing brace, which is taken too.
  private mutating func group() -> [MathAtom] {
    let atoms = nested { $0.wholeRow() }
    if rest.popFirst() == nil { fault("a { is not closed") }
    return atoms
  }

  /// What is read one level deeper; the rest as it is where that is too deep.
  private mutating func nested(_ read: (inout Self) -> [MathAtom]) -> [MathAtom] {
    guard depth < Self.mostDepth else {
      fault("groups are nested deeper than \(Self.mostDepth)")
      defer { rest = "" }
      return [MathAtom(.letters(String(rest)))]
    }
    depth += 1
    defer { depth -= 1 }
    return read(&self)
  }

  /// One character, command or group; nil where it draws nothing.
  private mutating func atom(_ character: Character) -> MathAtom? {
    switch character {
    case "{": return MathAtom(.row(group()))
    case "\\": return command()
    case "~": return MathAtom(.space(0.25))
    default: break
    }
    if look.isText { return MathAtom(letters(character)) }
    if let sign = MathSymbols.signs[character] {
      return MathAtom(.letters(sign.text), sign.class)
    }
    return MathAtom(letters(character))
  }

  private func letters(_ character: Character) -> MathNode {
    if let other = look.alphabet[character] { return .letters(String(other)) }
    let isSlanted = look.isItalic && character.isLetter
    return .letters(String(character), isSlanted: isSlanted, isBold: look.isBold)
  }

  private mutating func command() -> MathAtom? {
    let name = String(rest.prefix { $0.isASCII && $0.isLetter })
    guard !name.isEmpty else { return escape() }
    rest = rest.dropFirst(name.count)
    if let look = Self.look(of: name) { return styled(name, look) }
    if let letter = MathSymbols.greek[name] {
      let isSlanted = look.isItalic && name.first?.isLowercase == true
      return MathAtom(.letters(letter, isSlanted: isSlanted, isBold: look.isBold))
    }
    if let sign = MathSymbols.commands[name] {
      return MathAtom(.letters(sign.text), sign.class)
    }
    if MathSymbols.functions.contains(name) {
      return MathAtom(.letters(name), .function)
    }
    if let sign = MathSymbols.accents[name] {
      return MathAtom(.accented(.row(argument(of: "\\\(name)")), sign: sign))
    }
    if let width = MathSymbols.spaces[name] { return MathAtom(.space(width)) }
    switch name {
    case "frac", "dfrac", "tfrac":
      let upper = argument(of: "\\\(name)")
      return MathAtom(.fraction(.row(upper), .row(argument(of: "\\\(name)"))), .inner)
    case "sqrt": return MathAtom(.root(.row(argument(of: "\\sqrt"))))
    case "operatorname":
      let outer = look
      look = Look(isItalic: false)
      defer { look = outer }
      return MathAtom(.row(argument(of: "\\operatorname")), .function)
    case "left": return fenced()
    // Sizes and places that a label has not.
    case "displaystyle", "textstyle", "limits", "nolimits", "big", "Big", "bigl", "bigr": return nil
    default:
      fault("\\\(name) is not known")
      return MathAtom(.letters("\\\(name)"))
    }
  }

  /// A backslash and a sign: a space, or the sign itself.
  private mutating func escape() -> MathAtom? {
    guard let sign = rest.popFirst() else { return MathAtom(.letters("\\")) }
    if let width = MathSymbols.spaceSigns[sign] { return MathAtom(.space(width)) }
    let classes: [Character: MathClass] = ["{": .opening, "}": .closing]
    return MathAtom(.letters(sign == "|" ? "‖" : String(sign)), classes[sign] ?? .ordinary)
  }

  /// What stands between `\left` and `\right` with their signs.
  private mutating func fenced() -> MathAtom {
    let opening = fence()
    let inside = nested { $0.row() }
    guard rest.hasPrefix("\\right") else {
      fault("a \\left has no \\right")
      return MathAtom(.fenced(opening, .row(inside), ""), .inner)
    }
    rest = rest.dropFirst("\\right".count)
    return MathAtom(.fenced(opening, .row(inside), fence()), .inner)
  }

  /// The sign behind `\left` or `\right`; a point stands for none.
  private mutating func fence() -> String {
    rest = rest.drop { $0 == " " || $0 == "\u{A0}" }
    guard let sign = rest.popFirst() else { return "" }
    guard sign == "\\" else { return sign == "." ? "" : String(sign) }
    let name = String(rest.prefix { $0.isASCII && $0.isLetter })
    if name.isEmpty {
      return rest.popFirst().map { $0 == "|" ? "‖" : String($0) } ?? ""
    }
    rest = rest.dropFirst(name.count)
    if let sign = MathSymbols.commands[name] { return sign.text }
    fault("\\\(name) is not known")
    return ""
  }

  /// The look that a command gives to what it is of.
  private static func look(of command: String) -> Look? {
    switch command {
    case "mathrm": Look(isItalic: false)
    case "text", "textrm", "mathsf", "textsf", "mbox": Look(isItalic: false, isText: true)
    case "textit": Look(isText: true)
    case "mathit": Look()
    case "mathbf", "textbf": Look(isItalic: false, isBold: true, isText: command == "textbf")
    case "boldsymbol", "bm": Look(isBold: true)
    case "mathbb": Look(alphabet: MathSymbols.doubleStruck)
    case "mathcal", "mathscr": Look(alphabet: MathSymbols.script)
    default: nil
    }
  }

  private mutating func styled(_ command: String, _ inner: Look) -> MathAtom {
    let outer = look
    look = inner
    defer { look = outer }
    return MathAtom(.row(argument(of: "\\\(command)")))
  }
}
