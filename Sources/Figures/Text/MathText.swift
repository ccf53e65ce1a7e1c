/// A line of text as stretches of one look. What stands between two dollar signs is read as
/// mathematics in TeX's manner, as far as labels need it: sub- and superscripts, Greek letters and
/// the signs of `symbols`; letters there are slanted. Unicode's own superscripts are raised
/// anywhere.
package struct MathText: Sendable, Equatable {
  /// Letters of one size on one line.
  package struct Stretch: Sendable, Equatable {
    package var text: String
    package var isSlanted = false
    package var isBold = false
    /// 0 on the line, 1 a script, 2 a script's script.
    package var level = 0
    /// How far the baseline is raised, as a share of the size of the line.
    package var rise = 0.0
    /// Whether it stands over or under the stretch before it, as an upper index over a lower one
    /// does.
    package var isStacked = false
  }

  package private(set) var stretches: [Stretch] = []

  /// How much smaller each level of scripts is.
  static let scriptScale = 0.7
  private static let upperRise = 0.36
  private static let lowerRise = -0.16

  /// Reads a line. A dollar sign without a second one is itself, and so is `\$`.
  package init(_ line: String) {
    guard line.utf8.contains(where: { $0 == UInt8(ascii: "$") || $0 >= 0x80 }) else {
      stretches = [Stretch(text: line)]
      return
    }
    for part in Self.parts(of: line[...]) {
      if part.isMath {
        var reader = MathReader(part.text)
        append(reader.stretches(level: 0, rise: 0))
      } else {
        appendPlain(String(part.text).replacing("\\$", with: "$"))
      }
    }
  }

  /// What stands between two dollar signs, without them, and what does not, in which `\$` is a
  /// dollar sign.
  package static func parts(of line: Substring) -> [(text: Substring, isMath: Bool)] {
    var parts: [(text: Substring, isMath: Bool)] = []
    var (start, place) = (line.startIndex, line.startIndex)
    while place < line.endIndex {
      let next = line.index(after: place)
      if line[place] == "\\", next < line.endIndex {
        place = line.index(after: next)
      } else if line[place] == "$", let end = line[next...].firstIndex(of: "$"), end > next {
        if start < place { parts.append((line[start..<place], false)) }
        parts.append((line[next..<end], true))
        place = line.index(after: end)
        start = place
      } else {
        place = next
      }
    }
    if start < line.endIndex { parts.append((line[start...], false)) }
    return parts
  }

  /// Adds text, the digits that Unicode has raised or lowered as scripts.
  private mutating func appendPlain(_ text: String) {
    for character in text {
      if let digit = Self.raised[character] {
        append([Stretch(text: String(digit), level: 1, rise: Self.upperRise)])
      } else if let digit = Self.lowered[character] {
        append([Stretch(text: String(digit), level: 1, rise: Self.lowerRise)])
      } else {
        append([Stretch(text: String(character))])
      }
    }
  }

  /// Adds stretches, the first to the last one where they look alike.
  private mutating func append(_ more: [Stretch]) {
    for stretch in more {
      if var last = stretches.last, last.level == stretch.level, last.rise == stretch.rise,
        last.isSlanted == stretch.isSlanted, last.isBold == stretch.isBold, !stretch.isStacked
      {
        last.text += stretch.text
        stretches[stretches.count - 1] = last
      } else {
        stretches.append(stretch)
      }
    }
  }

  private static let raised: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9", "⁻": "−", "⁺": "+", "ⁿ": "n",
  ]
  private static let lowered: [Character: Character] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8",
    "₉": "9", "₋": "−", "₊": "+",
  ]

  /// Reads what stands between the dollar signs.
  private struct MathReader {
    private var rest: Substring

    init(_ text: Substring) { rest = text }

    /// The stretches up to the end, or to the brace that closes a group.
    mutating func stretches(level: Int, rise: Double) -> [Stretch] {
      var result: [Stretch] = []
      var hasScript = false
      while let character = rest.popFirst() {
        switch character {
        case "}": return result
        case " ", "\u{A0}": continue
        case "{":
          result += stretches(level: level, rise: rise)
          hasScript = false
        case "^", "_":
          var script = script(isUpper: character == "^", level: level, rise: rise)
          if hasScript, !script.isEmpty { script[0].isStacked = true }
          hasScript = true
          result += script
        default:
          var stretch = symbol(character, level: level, rise: rise)
          // A sign between two operands has space around it, one before a number has none.
          let isBinary = result.last.map { !$0.text.hasSuffix(" ") && $0.text != "(" } ?? false
          if level == 0, isBinary, ["+", "−"].contains(stretch.text) {
            stretch.text = " \(stretch.text) "
          }
          result.append(stretch)
          hasScript = false
        }
      }
      return result
    }

    /// The next character, command or group as a script.
    private mutating func script(isUpper: Bool, level: Int, rise: Double) -> [Stretch] {
      let deeper = min(level + 1, 2)
      let share = level == 0 ? 1 : MathText.scriptScale
      let rise = rise + (isUpper ? MathText.upperRise : MathText.lowerRise) * share
      guard let next = rest.popFirst() else { return [] }
      if next == "{" { return stretches(level: deeper, rise: rise) }
      return [symbol(next, level: deeper, rise: rise)]
    }

    private static let styles = [
      "mathcal", "mathbb", "mathbf", "mathit", "mathsf", "mathrm", "text",
    ]

    /// Letters in a style by TeX's name; those that Unicode has not in it are slanted.
    private func styled(_ text: String, _ style: String, level: Int, rise: Double) -> Stretch {
      var stretch = Stretch(text: text, level: level, rise: rise)
      switch style {
      case "mathbf": stretch.isBold = true
      case "mathbb", "mathcal":
        let letters = style == "mathbb" ? MathText.doubleStruck : MathText.script
        let found = text.compactMap { letters[$0] }
        if found.count == text.count {
          stretch.text = String(found)
        } else {
          stretch.isSlanted = true
        }
      case "mathit": stretch.isSlanted = true
      default: break
      }
      return stretch
    }

    /// One character or one command.
    private mutating func symbol(_ character: Character, level: Int, rise: Double) -> Stretch {
      func stretch(_ text: String, slanted: Bool = false) -> Stretch {
        Stretch(text: text, isSlanted: slanted, level: level, rise: rise)
      }
      guard character == "\\" else {
        if character == "-" { return stretch("−") }
        if character == ",", level == 0 { return stretch(", ") }
        // On the line a relation has space around it.
        if "=<>".contains(character), level == 0 { return stretch(" \(character) ") }
        return stretch(String(character), slanted: character.isLetter)
      }
      let name = String(rest.prefix { $0.isASCII && $0.isLetter })
      rest = rest.dropFirst(name.count)
      if Self.styles.contains(name), rest.first == "{" {
        rest.removeFirst()
        let text = rest.prefix { $0 != "}" }
        rest = rest.dropFirst(text.count + 1)
        return styled(String(text).replacing("\u{A0}", with: " "), name, level: level, rise: rise)
      }
      if let letter = MathText.greek[name] {
        return stretch(letter, slanted: name.first?.isLowercase == true)
      }
      if let sign = MathText.symbols[name] { return stretch(sign) }
      // A command that is not known stays as it is written, and `\%` is the sign alone.
      guard !name.isEmpty else {
        let sign = rest.popFirst()
        return stretch(sign.map { MathText.signs[$0] ?? String($0) } ?? "\\")
      }
      return stretch("\\" + name)
    }
  }
}

extension MathText {
  /// The Greek letters by TeX's names.
  static let greek: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
  ]

  /// Other signs by TeX's names; operators bring the space around them.
  static let symbols: [String: String] = [
    "times": " × ", "pm": " ± ", "cdot": " · ", "le": " ≤ ", "leq": " ≤ ", "ge": " ≥ ",
    "geq": " ≥ ", "approx": " ≈ ", "neq": " ≠ ", "to": " → ", "infty": "∞", "partial": "∂",
    "sum": "∑", "sqrt": "√", "ell": "ℓ", "log": "log ", "exp": "exp ", "max": "max ", "min": "min ",
    "nabla": "∇", "top": "⊤", "propto": " ∝ ", "prime": "′", "odot": " ⊙ ", "otimes": " ⊗ ",
    "oplus": " ⊕ ", "arg": "arg ", "mid": " | ", "parallel": " ∥ ", "leftarrow": " ← ",
    "rightarrow": " → ", "Rightarrow": " ⇒ ", "langle": "⟨", "rangle": "⟩", "star": "⋆",
    "forall": "∀", "exists": "∃", "subset": " ⊂ ", "cup": " ∪ ", "cap": " ∩ ", "prod": "∏",
    "int": "∫", "quad": "  ", "argmax": "arg max ", "argmin": "arg min ", "tanh": "tanh ",
    "cos": "cos", "sin": "sin", "ln": "ln ", "dots": "…", "in": " ∈ ", "cdots": "⋯", "sim": " ∼ ",
  ]

  /// What a backslash makes of signs: spaces of several widths, and a norm's bars.
  static let signs: [Character: String] = [
    ",": "\u{2009}", ":": "\u{2009}", ";": " ", "!": "", "|": "‖",
  ]

  /// The letters of sets, as Unicode has them.
  static let doubleStruck: [Character: Character] = {
    var letters: [Character: Character] = [
      "C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ",
    ]
    for (offset, letter) in "ABCDEFGHIJKLMNOPQRSTUVWXYZ".enumerated() where letters[letter] == nil {
      if let scalar = Unicode.Scalar(UInt32(0x1D538 + offset)) {
        letters[letter] = Character(scalar)
      }
    }
    return letters
  }()

  /// The script letters that the plane of all languages has.
  static let script: [Character: Character] = [
    "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ",
  ]
}
