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
  case root(MathNode, degree: MathNode? = nil)
  /// Below a sign, such as a hat; below a line where it is nil.
  case accented(MathNode, sign: String?)
  /// Between signs as high as it is; an empty one stands for none.
  case fenced(String, MathNode, String)
  /// Nothing, as wide as a share of the type's size; less than nothing draws neighbours together.
  case space(Double)
}

/// A node of a formula with its class; nil where it is a space, which has none.
package struct MathAtom: Sendable, Equatable {
  package var node: MathNode
  package let `class`: MathClass?

  init(_ node: MathNode, _ class: MathClass? = .ordinary) {
    self.node = node
    self.class = `class`
  }
}
