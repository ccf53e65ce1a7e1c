/// The signs and letters of formulas by TeX's names.
enum MathSymbols {
  /// What is drawn, and how it stands beside others.
  typealias Sign = (text: String, class: MathClass)

  /// The Greek letters.
  static let greek: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ",
    "varrho": "ϱ", "varsigma": "ς", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
  ]

  /// Signs by commands.
  static let commands: [String: Sign] = {
    let binary = [
      "times": "×", "pm": "±", "mp": "∓", "cdot": "·", "div": "÷", "ast": "∗", "odot": "⊙",
      "otimes": "⊗", "oplus": "⊕", "cup": "∪", "cap": "∩", "setminus": "∖", "circ": "∘",
      "wedge": "∧", "vee": "∨", "star": "⋆",
    ]
    let relation = [
      "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ll": "≪", "gg": "≫", "approx": "≈",
      "neq": "≠", "ne": "≠", "equiv": "≡", "sim": "∼", "simeq": "≃", "cong": "≅", "propto": "∝",
      "to": "→", "leftarrow": "←", "rightarrow": "→", "gets": "←", "Rightarrow": "⇒",
      "Leftarrow": "⇐", "leftrightarrow": "↔", "mapsto": "↦", "in": "∈", "notin": "∉",
      "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "mid": "|", "parallel": "∥", "perp": "⊥",
      "uparrow": "↑", "downarrow": "↓", "lesssim": "≲", "gtrsim": "≳",
    ]
    let function = ["sum": "∑", "prod": "∏", "int": "∫", "argmax": "arg max", "argmin": "arg min"]
    let ordinary = [
      "infty": "∞", "partial": "∂", "nabla": "∇", "ell": "ℓ", "hbar": "ℏ", "top": "⊤", "bot": "⊥",
      "prime": "′", "forall": "∀", "exists": "∃", "emptyset": "∅", "degree": "°", "vert": "|",
      "Vert": "‖", "dagger": "†", "neg": "¬",
    ]
    let inner = ["dots": "…", "ldots": "…", "cdots": "⋯"]
    let opening = ["langle": "⟨", "lfloor": "⌊", "lceil": "⌈", "lvert": "|", "lVert": "‖"]
    let closing = ["rangle": "⟩", "rfloor": "⌋", "rceil": "⌉", "rvert": "|", "rVert": "‖"]
    let all: [([String: String], MathClass)] = [
      (binary, .binary), (relation, .relation), (function, .function), (ordinary, .ordinary),
      (inner, .inner), (opening, .opening), (closing, .closing),
    ]
    return all.reduce(into: [:]) { signs, group in
      for (name, text) in group.0 { signs[name] = (text, group.1) }
    }
  }()

  /// Signs as they are typed, those of the commands among them.
  static let signs: [Character: Sign] = {
    var signs: [Character: Sign] = [
      "-": ("−", .binary), "+": ("+", .binary), "*": ("∗", .binary), "=": ("=", .relation),
      "<": ("<", .relation), ">": (">", .relation), ":": (":", .relation), "(": ("(", .opening),
      "[": ("[", .opening), ")": (")", .closing), "]": ("]", .closing), "!": ("!", .closing),
      ",": (",", .punctuation), ";": (";", .punctuation), "'": ("′", .ordinary),
      "|": ("|", .ordinary),
    ]
    for sign in commands.values where sign.text.count == 1 {
      if let character = sign.text.first, signs[character] == nil { signs[character] = sign }
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

  /// Spaces, as shares of the type's size.
  static let spaces: [String: Double] = ["quad": 1, "qquad": 2]

  /// Spaces by the sign behind a backslash.
  static let spaceSigns: [Character: Double] = [
    ",": 1.0 / 6, ":": 2.0 / 9, ">": 2.0 / 9, ";": 5.0 / 18, "!": -1.0 / 6, " ": 0.25,
    "\u{A0}": 0.25,
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
