/// The classes of atoms, between which spaces differ: Knuth, "The TeXbook" (1984), chapter 18.
package enum MathClass: Int, Sendable, CaseIterable {
  case ordinary, function, binary, relation, opening, closing, punctuation, inner

  /// The table of page 170, a row for each class on the left: 1 thin, 2 medium, 3 thick; those below
  /// zero are left out of scripts. Where it has a star, classes are resolved such that none meet.
  private static let table = [
    [0, 1, -2, -3, 0, 0, 0, -1],
    [1, 1, 0, -3, 0, 0, 0, -1],
    [-2, -2, 0, 0, -2, 0, 0, -2],
    [-3, -3, 0, 0, -3, 0, 0, -3],
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0, 1, -2, -3, 0, 0, 0, -1],
    [-1, -1, 0, -1, -1, -1, -1, -1],
    [-1, 1, -2, -3, -1, 0, -1, -1],
  ]

  /// Thin, medium and thick, as shares of the type's size.
  private static let widths = [0, 1.0 / 6, 2.0 / 9, 5.0 / 18]

  /// The space between two neighbours, as a share of the type's size.
  package static func space(between left: MathClass, _ right: MathClass, isScript: Bool) -> Double {
    let space = table[left.rawValue][right.rawValue]
    return isScript && space < 0 ? 0 : widths[abs(space)]
  }

  /// The classes of a row, nil for spaces: a binary sign without an operand on each side is none.
  static func resolved(_ classes: [MathClass?]) -> [MathClass?] {
    var result = classes
    var before: MathClass?
    for index in result.indices {
      guard let kind = result[index] else { continue }
      if kind == .binary {
        let after = classes[(index + 1)...].lazy.compactMap(\.self).first
        let hasLeft = [.ordinary, .closing, .inner].contains(before)
        let hasRight = ![nil, .relation, .closing, .punctuation].contains(after)
        if !hasLeft || !hasRight { result[index] = .ordinary }
      }
      before = result[index]
    }
    return result
  }
}
