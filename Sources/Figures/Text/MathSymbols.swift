/// The signs and letters of formulas by TeX's names.
enum MathSymbols {
  /// What is drawn, and how it stands beside others.
  typealias Sign = (text: String, class: MathClass)

  /// The Greek letters.
  static let greek: [String: Character] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ",
    "varrho": "ϱ", "varsigma": "ς", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
  ]

  /// Signs by their commands, class by class; of signs that are typed the first class counts.
  private static let groups: [(class: MathClass, signs: KeyValuePairs<String, String>)] = [
    (
      .binary,
      [
        "times": "×", "pm": "±", "mp": "∓", "cdot": "·", "div": "÷", "ast": "∗", "odot": "⊙",
        "otimes": "⊗", "oplus": "⊕", "cup": "∪", "cap": "∩", "setminus": "∖", "circ": "∘",
        "wedge": "∧", "vee": "∨", "star": "⋆",
      ]
    ),
    (
      .relation,
      [
        "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ll": "≪", "gg": "≫", "approx": "≈",
        "neq": "≠", "ne": "≠", "equiv": "≡", "sim": "∼", "simeq": "≃", "cong": "≅",
        "propto": "∝", "to": "→", "leftarrow": "←", "rightarrow": "→", "gets": "←",
        "Rightarrow": "⇒", "Leftarrow": "⇐", "leftrightarrow": "↔", "mapsto": "↦",
        "rightleftharpoons": "⇌", "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆",
        "supset": "⊃", "parallel": "∥", "perp": "⊥", "uparrow": "↑", "downarrow": "↓",
        "lesssim": "≲", "gtrsim": "≳",
      ]
    ),
    (
      .function,
      ["sum": "∑", "prod": "∏", "int": "∫", "argmax": "arg max", "argmin": "arg min"]
    ),
    (
      .ordinary,
      [
        "infty": "∞", "partial": "∂", "nabla": "∇", "ell": "ℓ", "hbar": "ℏ", "top": "⊤",
        "bot": "⊥", "prime": "′", "forall": "∀", "exists": "∃", "emptyset": "∅", "degree": "°",
        "vert": "|", "Vert": "‖", "dagger": "†", "neg": "¬",
      ]
    ),
    (.inner, ["dots": "…", "ldots": "…", "cdots": "⋯"]),
    (
      .opening,
      [
        "langle": "⟨", "lfloor": "⌊", "lceil": "⌈", "lbrace": "{", "lbrack": "[", "lvert": "|",
        "lVert": "‖",
      ]
    ),
    (
      .closing,
      [
        "rangle": "⟩", "rfloor": "⌋", "rceil": "⌉", "rbrace": "}", "rbrack": "]", "rvert": "|",
        "rVert": "‖",
      ]
    ),
    // A bar that relates two sides is typed as often as one that does not, and TeX takes it so.
    (.relation, ["mid": "|"]),
  ]

  /// Signs by commands.
  static let commands: [String: Sign] = groups.reduce(into: [:]) { signs, group in
    for (name, text) in group.signs { signs[name] = (text, group.class) }
  }

  /// Signs as they are typed, those of the commands among them.
  static let signs: [Character: Sign] = {
    var signs: [Character: Sign] = [
      "-": ("−", .binary), "+": ("+", .binary), "*": ("∗", .binary), "=": ("=", .relation),
      "<": ("<", .relation), ">": (">", .relation), ":": (":", .relation), "(": ("(", .opening),
      "[": ("[", .opening), ")": (")", .closing), "]": ("]", .closing), "!": ("!", .closing),
      "?": ("?", .closing), ",": (",", .punctuation), ";": (";", .punctuation),
      "|": ("|", .ordinary),
    ]
    for group in groups {
      for (_, text) in group.signs where text.count == 1 {
        if let character = text.first, signs[character] == nil {
          signs[character] = (text, group.class)
        }
      }
    }
    return signs
  }()

  /// Functions, which are written as they are called.
  static let functions: Set<String> = [
    "log", "ln", "lg", "exp", "max", "min", "sup", "inf", "lim", "arg", "det", "dim", "ker", "Pr",
    "tanh", "sinh", "cosh", "cos", "sin", "tan", "gcd",
  ]

  /// What stands over a letter; nil for a line.
  static let accents: [String: String?] = [
    "hat": "ˆ", "widehat": "ˆ", "tilde": "˜", "widetilde": "˜", "dot": "˙", "ddot": "¨",
    "vec": "→", "check": "ˇ", "breve": "˘", "bar": nil, "overline": nil,
  ]

  /// Sizes and places that a label has not.
  static let ignored: Set<String> = [
    "displaystyle", "textstyle", "limits", "nolimits", "big", "Big", "bigg", "Bigg", "bigl", "Bigl",
    "bigr", "Bigr", "biggl", "Biggl", "biggr", "Biggr", "middle",
  ]

  /// Spaces, as shares of the type's size.
  static let spaces: [String: Double] = ["quad": 1, "qquad": 2]

  /// Spaces by the sign behind a backslash.
  static let spaceSigns: [Character: Double] = [
    ",": 1.0 / 6, ":": 2.0 / 9, ">": 2.0 / 9, ";": 5.0 / 18, "!": -1.0 / 6, " ": 0.25,
    "\u{A0}": 0.25,
  ]

  /// Whether a letter is a variable, which is slanted: capitals of Greek and letters that are signs
  /// of their own are not.
  static func isVariable(_ character: Character) -> Bool {
    guard character.isLetter, let scalar = character.unicodeScalars.first else { return false }
    let upright: [ClosedRange<UInt32>] = [0x391...0x3A9, 0x2100...0x214F, 0x1D400...0x1D7FF]
    return !upright.contains { $0.contains(scalar.value) }
  }

  /// The letters of sets, as Unicode has them.
  static let doubleStruck = capitals(
    from: 0x1D538,
    known: [
      "C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ", "1": "𝟙",
    ])

  /// The script letters, as Unicode has them.
  static let script = capitals(
    from: 0x1D49C,
    known: [
      "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ",
    ])

  /// An alphabet of capitals whose first letter is at `first`, but for those at other places.
  private static func capitals(
    from first: UInt32, known: [Character: Character]
  ) -> [Character: Character] {
    var letters = known
    for (offset, letter) in "ABCDEFGHIJKLMNOPQRSTUVWXYZ".enumerated() where letters[letter] == nil {
      letters[letter] = Unicode.Scalar(first + UInt32(offset)).map(Character.init)
    }
    return letters
  }
}
