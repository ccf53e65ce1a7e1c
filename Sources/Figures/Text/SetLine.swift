/// A line set in type: its letters and rules, each at its place from the line's origin, in points.
struct SetLine {
  /// Letters of one face on one baseline.
  struct Letters {
    let text: String
    let face: Face
    /// The size of the type.
    let size: Double
    /// Where they begin.
    var x: Double
    /// How far their baseline is raised.
    var y: Double
  }

  /// A horizontal line.
  struct Rule {
    var x: Double
    /// How far its middle is raised.
    var y: Double
    let width: Double
    let thickness: Double
  }

  private(set) var letters: [Letters] = []
  private(set) var rules: [Rule] = []
  /// Where the next part begins.
  var advance = 0.0
  /// The ends of the ink; nil before there is any.
  private var ink: TextExtents?

  var extents: TextExtents {
    var extents = ink ?? TextExtents()
    extents.advance = advance
    return extents
  }

  /// Letters of these extents behind what is there.
  mutating func append(_ text: String, _ face: Face, size: Double, _ extents: TextExtents) {
    letters.append(Letters(text: text, face: face, size: size, x: advance, y: 0))
    grow(extents, x: advance, y: 0)
    advance += extents.advance
  }

  /// A line behind what is there.
  mutating func append(_ line: SetLine) {
    place(line, x: advance)
    advance += line.advance
  }

  /// A rule, which moves nothing behind it.
  mutating func place(_ rule: Rule) {
    rules.append(rule)
    let half = rule.thickness / 2
    grow(TextExtents(right: rule.width, ascent: half, descent: half), x: rule.x, y: rule.y)
  }

  /// A line with its origin at `x`, raised by `y`, which moves nothing behind it.
  mutating func place(_ line: SetLine, x: Double, y: Double = 0) {
    letters += line.letters.map { letters in
      var letters = letters
      letters.x += x
      letters.y += y
      return letters
    }
    rules += line.rules.map { rule in
      var rule = rule
      rule.x += x
      rule.y += y
      return rule
    }
    if let ink = line.ink { grow(ink, x: x, y: y) }
  }

  private mutating func grow(_ part: TextExtents, x: Double, y: Double) {
    let part = TextExtents(
      left: x + part.left, right: x + part.right, ascent: y + part.ascent,
      descent: part.descent - y)
    guard let ink else {
      self.ink = part
      return
    }
    self.ink = TextExtents(
      left: min(ink.left, part.left), right: max(ink.right, part.right),
      ascent: max(ink.ascent, part.ascent), descent: max(ink.descent, part.descent))
  }
}
