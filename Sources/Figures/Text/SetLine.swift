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
  /// What the line takes; nil before anything with ink is added.
  private var whole: TextExtents?

  var extents: TextExtents { whole ?? TextExtents() }

  /// Adds letters of these extents.
  mutating func add(_ letters: Letters, _ extents: TextExtents) {
    self.letters.append(letters)
    grow(extents, x: letters.x, y: letters.y)
  }

  mutating func add(_ rule: Rule) {
    rules.append(rule)
    let half = rule.thickness / 2
    grow(
      TextExtents(advance: rule.width, right: rule.width, ascent: half, descent: half), x: rule.x,
      y: rule.y)
  }

  /// Adds a line with its origin at `x`, raised by `y`.
  mutating func add(_ line: SetLine, x: Double, y: Double = 0) {
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
    if let extents = line.whole { grow(extents, x: x, y: y) }
  }

  /// Adds room behind what is there, or takes it.
  mutating func addSpace(_ width: Double) {
    var extents = extents
    extents.advance += width
    whole = extents
  }

  private mutating func grow(_ part: TextExtents, x: Double, y: Double) {
    whole = (whole ?? TextExtents()).union(part, x: x, y: y, isFirst: whole == nil)
  }
}
