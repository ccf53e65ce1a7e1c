/// Sets lines in a theme's type: where each letter of a formula stands is measured here, once for
/// what is drawn and for what is asked about its size.
struct MathSetting {
  let font: CairoFont
  /// The size of the type, in points.
  let size: Double
  let isBold: Bool
  let context: OpaquePointer

  /// How much smaller each level of scripts is.
  private static let scriptScale = 0.7
  /// The shares of the type's size by which scripts are raised and lowered.
  private static let rise = 0.36
  private static let drop = 0.16
  /// The height of a minus sign above the baseline, at which fractions are divided.
  private static let axis = 0.27
  private static let ruleWidth = 0.055
  private static let gap = 0.1
  /// Fences and roots are stretched as far as this.
  private static let mostStretch = 3.0

  func line(_ text: String) -> SetLine {
    var line = SetLine()
    for node in MathText(text).nodes { line.append(set(node, level: 0)) }
    return line
  }

  private func size(at level: Int) -> Double {
    level == 0 ? size : size * (level == 1 ? Self.scriptScale : Self.scriptScale * Self.scriptScale)
  }

  private func set(_ node: MathNode, level: Int) -> SetLine {
    let size = size(at: level)
    switch node {
    case .letters(let text, let isSlanted, let isBold):
      return letters(text, isSlanted: isSlanted, isBold: isBold, size: size)
    case .row(let atoms): return row(atoms, level: level)
    case .scripts(let base, let upper, let lower):
      return scripts(base, upper, lower, level: level)
    case .fraction(let upper, let lower): return fraction(upper, lower, level: level)
    case .root(let inside, let degree):
      let degree = degree.map { set($0, level: level + 2) }
      return root(set(inside, level: level), degree, size: size)
    case .accented(let base, let sign): return accented(set(base, level: level), sign, size: size)
    case .fenced(let opening, let inside, let closing):
      return fenced(opening, set(inside, level: level), closing, size: size)
    case .space(let share):
      var line = SetLine()
      line.advance = share * size
      return line
    }
  }

  private func letters(
    _ text: String, isSlanted: Bool = false, isBold: Bool = false, size: Double
  ) -> SetLine {
    var line = SetLine()
    guard !text.isEmpty else { return line }
    let face = Face(family: font.family, isSlanted: isSlanted, isBold: isBold || self.isBold)
    for piece in font.pieces(of: text, in: face, on: context) {
      let extents = font.extents(of: piece.text, in: piece.face, size: size, on: context)
      line.append(piece.text, piece.face, size: size, extents)
    }
    return line
  }

  private func row(_ atoms: [MathAtom], level: Int) -> SetLine {
    let size = size(at: level)
    var line = SetLine()
    var last: MathClass?
    for (atom, kind) in zip(atoms, MathClass.resolved(atoms.map(\.class))) {
      if let last, let kind {
        line.advance += MathClass.space(between: last, kind, isScript: level > 0) * size
      }
      line.append(set(atom.node, level: level))
      last = kind ?? last
    }
    return line
  }

  private func scripts(
    _ base: MathNode, _ upper: MathNode?, _ lower: MathNode?, level: Int
  ) -> SetLine {
    let size = size(at: level)
    var line = set(base, level: level)
    let extents = line.extents
    // Behind what is high or deep by itself, scripts stand at its ends.
    var rise = max(Self.rise * size, extents.ascent - 0.45 * size)
    var drop = max(Self.drop * size, extents.descent - 0.12 * size)
    // Primes are raised by themselves.
    let isPrimed = upper.map(Self.isPrime) ?? false
    if isPrimed { rise = max(0, extents.ascent - TextBlock.capital * size) }
    let (top, bottom) = (
      upper.map { set($0, level: isPrimed ? level : level + 1) },
      lower.map { set($0, level: level + 1) }
    )
    if let top, let bottom {
      let clearance =
        rise - top.extents.descent - (bottom.extents.ascent - drop) - 0.5 * Self.gap * size
      if clearance < 0 { (rise, drop) = (rise - clearance / 2, drop - clearance / 2) }
    }
    var end = extents.advance
    if let top {
      // A slanted letter leans into its upper script.
      let x = max(extents.advance, extents.right)
      line.place(top, x: x, y: rise)
      end = max(end, x + top.advance)
    }
    if let bottom {
      line.place(bottom, x: extents.advance, y: -drop)
      end = max(end, extents.advance + bottom.advance)
    }
    line.advance = end + 0.03 * size
    return line
  }

  private static func isPrime(_ node: MathNode) -> Bool {
    guard case .row(let atoms) = node else { return false }
    return atoms.allSatisfy { $0.node == .letters("′") }
  }

  private func fraction(_ upper: MathNode, _ lower: MathNode, level: Int) -> SetLine {
    let size = size(at: level)
    let (top, bottom) = (set(upper, level: level + 1), set(lower, level: level + 1))
    let (axis, rule, gap) = (Self.axis * size, Self.ruleWidth * size, Self.gap * size)
    let width = max(top.extents.width, bottom.extents.width) + gap
    var line = SetLine()
    line.place(SetLine.Rule(x: gap / 2, y: axis, width: width, thickness: rule))
    func x(_ part: SetLine) -> Double {
      gap / 2 + (width - part.extents.width) / 2 + part.extents.overhang
    }
    line.place(top, x: x(top), y: axis + rule / 2 + gap + max(top.extents.descent, 0))
    line.place(bottom, x: x(bottom), y: axis - rule / 2 - gap - bottom.extents.ascent)
    line.advance = width + gap
    return line
  }

  private func root(_ inside: SetLine, _ degree: SetLine?, size: Double) -> SetLine {
    let (rule, gap) = (Self.ruleWidth * size, Self.gap * size)
    let top = max(inside.extents.ascent, 0.5 * size) + gap + rule
    let sign = stretched("√", from: -max(inside.extents.descent, 0), to: top, size: size)
    var line = SetLine()
    var start = 0.0
    if let degree {
      // Over the sign's short arm.
      start = max(0, degree.extents.width - 0.35 * sign.extents.width)
      line.place(
        degree, x: max(0, 0.35 * sign.extents.width - degree.extents.width), y: top * 0.55)
    }
    line.place(sign, x: start)
    start += sign.extents.right
    line.place(
      SetLine.Rule(
        x: start - rule / 2, y: top - rule / 2, width: inside.extents.width + gap + rule / 2,
        thickness: rule))
    line.place(inside, x: start + gap / 2 + inside.extents.overhang)
    line.advance = start + gap + inside.extents.width
    return line
  }

  private func accented(_ base: SetLine, _ sign: String?, size: Double) -> SetLine {
    var line = base
    let ink = (start: base.extents.left, end: max(base.extents.right, base.extents.left))
    let bottom = base.extents.ascent + Self.gap * size
    guard let sign else {
      let rule = Self.ruleWidth * size
      let side = Self.gap * size / 2
      line.place(
        SetLine.Rule(
          x: ink.start + side, y: bottom + rule / 2, width: max(ink.end - ink.start - side, rule),
          thickness: rule))
      return line
    }
    let mark = letters(sign, size: sign == "→" ? size * 0.6 : size)
    let middle = (mark.extents.left + mark.extents.right) / 2
    line.place(
      mark, x: (ink.start + ink.end) / 2 - middle + 0.04 * size,
      y: bottom + mark.extents.descent - 0.03 * size)
    return line
  }

  private func fenced(
    _ opening: String, _ inside: SetLine, _ closing: String, size: Double
  ) -> SetLine {
    let axis = Self.axis * size
    let half = max(inside.extents.ascent - axis, inside.extents.descent + axis)
    func fence(_ sign: String) -> SetLine {
      sign.isEmpty ? SetLine() : stretched(sign, from: axis - half, to: axis + half, size: size)
    }
    var line = fence(opening)
    line.append(inside)
    line.append(fence(closing))
    return line
  }

  /// A sign as high as from one height to another, in its own size at the least.
  private func stretched(
    _ sign: String, from bottom: Double, to top: Double, size: Double
  ) -> SetLine {
    let usual = letters(sign, size: size).extents
    let factor = (top - bottom) / max(usual.ascent + usual.descent, 1e-9)
    let large = letters(sign, size: size * min(max(factor, 1), Self.mostStretch))
    let middle = (large.extents.ascent - large.extents.descent) / 2
    var line = SetLine()
    // What is higher than it must be ends at the top: a root's sign meets its line there.
    let y = factor < 1 && sign == "√" ? top - large.extents.ascent : (top + bottom) / 2 - middle
    line.place(large, x: 0, y: y)
    line.advance = large.advance
    return line
  }
}
