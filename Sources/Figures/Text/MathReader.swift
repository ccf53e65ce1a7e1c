/// Reads a formula, in TeX's manner.
struct MathReader {
  private var rest: Substring
  /// What was not understood, a clause each.
  private(set) var faults: [String] = []
  private var look = Look()
  private var depth = 0

  /// Nobody nests deeper.
  private static let mostDepth = 40

  /// How letters are drawn that no command says more of.
  private struct Look {
    /// Whether letters are variables, which are slanted.
    var isItalic = true
    var isBold = false
    /// Other letters to draw instead, by the letter.
    var alphabet: [Character: Character] = [:]
    /// Whether this is text: spaces are kept, and no sign means anything.
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

  private mutating func fault(_ clause: String) {
    if !faults.contains(clause) { faults.append(clause) }
  }

  /// What is read one level deeper; the rest as it is where that is too deep.
  private mutating func nested(_ read: (inout Self) -> [MathAtom]) -> [MathAtom] {
    guard depth < Self.mostDepth else {
      fault("it is nested deeper than \(Self.mostDepth)")
      defer { rest = "" }
      return [MathAtom(.letters(String(rest)))]
    }
    depth += 1
    defer { depth -= 1 }
    return read(&self)
  }

  // MARK: Rows

  /// The atoms up to the end or the closing brace, `\right` without its `\left` passed over.
  private mutating func wholeRow() -> [MathAtom] {
    var atoms = row()
    while isAtClosingFence {
      rest = rest.dropFirst(Self.right.count)
      fault("a \\right has no \\left")
      atoms += row()
    }
    return atoms
  }

  private static let right = "\\right"

  /// Whether the fence of a group closes here.
  private var isAtClosingFence: Bool {
    rest.hasPrefix(Self.right) && rest.dropFirst(Self.right.count).first?.isLetter != true
  }

  /// The atoms up to the end, or to the brace, the `\right` or the sign that closes a group.
  private mutating func row(until end: Character? = nil) -> [MathAtom] {
    var atoms: [MathAtom] = []
    while let character = rest.first, character != "}", character != end, !isAtClosingFence {
      rest.removeFirst()
      switch character {
      case " ", "\u{A0}":
        if look.isText { Self.append(MathAtom(letters(" ")), to: &atoms) }
      case "^" where !look.isText:
        addScript(argument(of: "^"), to: &atoms, \.upper, "^")
      case "_" where !look.isText:
        addScript(argument(of: "_"), to: &atoms, \.lower, "_")
      case "'" where !look.isText:
        addScript([MathAtom(.letters("′"))], to: &atoms, \.upper, nil)
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

  private struct Scripts {
    var upper: [MathAtom]?
    var lower: [MathAtom]?
  }

  /// Hangs a script on the last atom, beside one of its kind where it has one: only primes may stand
  /// there already.
  private mutating func addScript(
    _ script: [MathAtom], to atoms: inout [MathAtom],
    _ place: WritableKeyPath<Scripts, [MathAtom]?>, _ sign: String?
  ) {
    let last = atoms.popLast() ?? MathAtom(.letters(""))
    var (base, scripts) = (last.node, Scripts())
    if case .scripts(let inner, let upper, let lower) = last.node {
      func atoms(_ node: MathNode?) -> [MathAtom]? {
        if case .row(let atoms)? = node { atoms } else { nil }
      }
      (base, scripts) = (inner, Scripts(upper: atoms(upper), lower: atoms(lower)))
    }
    if let sign, let before = scripts[keyPath: place], before.last?.node != .letters("′") {
      fault("a second \(sign) stands on one letter")
    }
    scripts[keyPath: place] = (scripts[keyPath: place] ?? []) + script
    atoms.append(
      MathAtom(
        .scripts(
          base, upper: scripts.upper.map(MathNode.row), lower: scripts.lower.map(MathNode.row)),
        last.class ?? .ordinary))
  }

  // MARK: Atoms

  /// The next group, command or character as what a command is of.
  private mutating func argument(of command: String) -> [MathAtom] {
    nested { reader in
      reader.skipSpaces()
      guard let next = reader.rest.first, next != "}", !reader.isAtClosingFence else {
        reader.fault("\(command) has nothing behind it")
        return []
      }
      reader.rest.removeFirst()
      return next == "{" ? reader.group() : [reader.atom(next)].compactMap(\.self)
    }
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " || $0 == "\u{A0}" } }

  /// The atoms up to the closing brace, which is taken too.
  private mutating func group() -> [MathAtom] {
    let atoms = nested { $0.wholeRow() }
    if rest.popFirst() == nil { fault("a { is not closed") }
    return atoms
  }

  /// One character, command or group; nil where it draws nothing.
  private mutating func atom(_ character: Character) -> MathAtom? {
    switch character {
    case "{": return MathAtom(.row(group()))
    case "\\": return command()
    case "~": return MathAtom(.space(0.25), nil)
    default: break
    }
    if !look.isText, let sign = MathSymbols.signs[character] {
      return MathAtom(.letters(sign.text), sign.class)
    }
    return MathAtom(letters(character))
  }

  private func letters(_ character: Character) -> MathNode {
    if let other = look.alphabet[character] {
      return .letters(String(other), isBold: look.isBold)
    }
    let isSlanted = look.isItalic && !look.isText && MathSymbols.isVariable(character)
    return .letters(String(character), isSlanted: isSlanted, isBold: look.isBold)
  }

  private mutating func command() -> MathAtom? {
    let name = commandName()
    guard !name.isEmpty else { return escape() }
    if let letter = MathSymbols.greek[name] { return MathAtom(letters(letter)) }
    if let sign = MathSymbols.commands[name] {
      return MathAtom(.letters(sign.text), sign.class)
    }
    if MathSymbols.functions.contains(name) {
      return MathAtom(.letters(name), .function)
    }
    if let sign = MathSymbols.accents[name] {
      return MathAtom(.accented(.row(argument(of: "\\\(name)")), sign: sign))
    }
    if let width = MathSymbols.spaces[name] { return MathAtom(.space(width), nil) }
    // Sizes and places that a label has not.
    if MathSymbols.ignored.contains(name) { return nil }
    switch name {
    case "frac", "dfrac", "tfrac":
      let upper = argument(of: "\\\(name)")
      return MathAtom(.fraction(.row(upper), .row(argument(of: "\\\(name){…}"))), .inner)
    case "sqrt": return root()
    case "operatorname":
      return MathAtom(.row(styled(name) { $0 = Look(isItalic: false) }), .function)
    case "left": return fenced()
    default: break
    }
    if let change = Self.change(of: name) { return MathAtom(.row(styled(name, change))) }
    fault("\\\(name) is not known")
    return MathAtom(.letters("\\\(name)"))
  }

  private mutating func commandName() -> String {
    let name = String(rest.prefix { $0.isASCII && $0.isLetter })
    rest = rest.dropFirst(name.count)
    return name
  }

  /// A backslash and a sign: a space, or the sign itself.
  private mutating func escape() -> MathAtom? {
    guard let sign = rest.popFirst() else { return MathAtom(.letters("\\")) }
    if let width = MathSymbols.spaceSigns[sign] { return MathAtom(.space(width), nil) }
    let classes: [Character: MathClass] = ["{": .opening, "}": .closing]
    return MathAtom(.letters(sign == "|" ? "‖" : String(sign)), classes[sign] ?? .ordinary)
  }

  private mutating func root() -> MathAtom {
    skipSpaces()
    var degree: [MathAtom]?
    if rest.first == "[" {
      rest.removeFirst()
      degree = nested { $0.row(until: "]") }
      if rest.first == "]" { rest.removeFirst() } else { fault("a [ is not closed") }
    }
    return MathAtom(.root(.row(argument(of: "\\sqrt")), degree: degree.map(MathNode.row)))
  }

  /// What stands between `\left` and `\right` with their signs.
  private mutating func fenced() -> MathAtom {
    let opening = fence()
    let inside = nested { $0.row() }
    guard isAtClosingFence else {
      fault("a \\left has no \\right")
      return MathAtom(.fenced(opening, .row(inside), ""), .inner)
    }
    rest = rest.dropFirst(Self.right.count)
    return MathAtom(.fenced(opening, .row(inside), fence()), .inner)
  }

  /// The sign behind `\left` or `\right`; a point stands for none.
  private mutating func fence() -> String {
    skipSpaces()
    guard let sign = rest.popFirst() else { return "" }
    switch sign {
    case ".": return ""
    case "<": return "⟨"
    case ">": return "⟩"
    case "\\": break
    default: return String(sign)
    }
    let name = commandName()
    if name.isEmpty {
      return rest.popFirst().map { $0 == "|" ? "‖" : String($0) } ?? ""
    }
    if let sign = MathSymbols.commands[name] { return sign.text }
    fault("\\\(name) is not known")
    return ""
  }

  // MARK: Looks

  private typealias Change = (inout Look) -> Void

  /// What a command changes of the look of what it is of; nil where it is no such command.
  private static func change(of command: String) -> Change? {
    switch command {
    case "mathrm": { $0 = Look(isItalic: false) }
    case "text", "textrm", "mathsf", "textsf", "mbox": { $0 = Look(isItalic: false, isText: true) }
    case "textbf": { $0 = Look(isItalic: false, isBold: true, isText: true) }
    case "mathit": { $0 = Look() }
    case "mathbf": { $0 = Look(isItalic: false, isBold: true) }
    case "boldsymbol", "bm": { $0.isBold = true }
    case "mathbb": { $0.alphabet = MathSymbols.doubleStruck }
    case "mathcal", "mathscr": { $0.alphabet = MathSymbols.script }
    default: nil
    }
  }

  private mutating func styled(_ command: String, _ change: Change) -> [MathAtom] {
    let outer = look
    change(&look)
    defer { look = outer }
    return argument(of: "\\\(command)")
  }
}
