/// A part of a line as it is built, before anything is measured.
package indirect enum MathNode: Sendable, Equatable {
  /// Letters of one look.
  case letters(String, isSlanted: Bool = false, isBold: Bool = false)
  /// Atoms beside each other, with the space that TeX has between their classes.
  case row([MathAtom])
  /// What is raised and lowered behind a base, one over the other.
  case scripts(MathNode, upper: MathNode? = nil, lower: MathNode? = nil)
  /// One over the other, with a line between.
  case fraction(MathNode, MathNode)
  /// Under the sign of a root.
  case root(MathNode)
  /// Below a sign, such as a hat; below a line where it is nil.
  case accented(MathNode, sign: String?)
  /// Between signs as high as it is; an empty one stands for none.
  case fenced(String, MathNode, String)
  /// Nothing, as wide as a share of the type's size.
  case space(Double)
}

/// A node of a formula with its class.
package struct MathAtom: Sendable, Equatable {
  package var node: MathNode
  package var `class`: MathClass

  init(_ node: MathNode, _ class: MathClass = .ordinary) {
    self.node = node
    self.class = `class`
  }
}

/// The classes of atoms, between which spaces differ: Knuth, "The TeXbook" (1984), chapter 18.
package enum MathClass: Sendable {
  case ordinary, function, binary, relation, opening, closing, punctuation, inner

  /// The space between two neighbours, as a share of the type's size; in scripts that beside
  /// functions alone is left.
  static func space(between left: MathClass, _ right: MathClass, isScript: Bool) -> Double {
    let (thin, medium, thick) = (1.0 / 6, 2.0 / 9, 5.0 / 18)
    switch (left, right) {
    case (.function, .ordinary), (.function, .function), (.ordinary, .function),
      (.closing, .function), (.inner, .function):
      return thin
    case _ where isScript: return 0
    case (.relation, .relation), (.relation, .closing), (.relation, .punctuation),
      (.opening, .relation):
      return 0
    case (.relation, _), (_, .relation): return thick
    case (.binary, _), (_, .binary): return medium
    case (.punctuation, _), (.ordinary, .inner), (.function, .inner), (.closing, .inner),
      (.inner, .ordinary), (.inner, .opening), (.inner, .punctuation), (.inner, .inner):
      return thin
    default: return 0
    }
  }

  /// The classes of a row: a binary sign without an operand on each side is none.
  static func resolved(_ classes: [MathClass]) -> [MathClass] {
    var result = classes
    for index in result.indices where result[index] == .binary {
      let before = index == 0 ? nil : result[index - 1]
      let after = index + 1 < classes.count ? classes[index + 1] : nil
      let hasLeft = [.ordinary, .closing, .inner].contains(before)
      let hasRight = ![nil, .relation, .closing, .punctuation].contains(after)
      if !hasLeft || !hasRight { result[index] = .ordinary }
    }
    return result
  }
}
