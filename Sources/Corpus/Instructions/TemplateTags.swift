/// The tags of a Jinja template in order, each in one spelling, and the text between them as
/// transformers prints it (its `trim_blocks` and `lstrip_blocks` are on).
struct TemplateTags {
  enum Tag {
    /// Text that is printed; empty stretches are left out.
    case text(String)
    /// `{{ expression }}`.
    case print(String)
    /// `{% word rest %}`.
    case statement(String, String)
  }

  private(set) var all: [Tag] = []
  private var rest: Substring.UnicodeScalarView
  private var text = ""
  /// Whether the tag before asks that blanks after it go.
  private var trimsStart = false

  /// - Returns: nil for a tag or a string without its end.
  init?(_ template: String) {
    // Jinja reads every end of a line as a newline, and drops one at the end of all.
    var lines = template.split(omittingEmptySubsequences: false) {
      ["\n", "\r\n", "\r"].contains($0)
    }
    if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    rest = lines.joined(separator: "\n")[...].unicodeScalars
    while let scalar = rest.first {
      if scalar == "{", let kind = rest.dropFirst().first, ["{", "%", "#"].contains(kind) {
        guard readTag(kind) else { return nil }
      } else {
        text.unicodeScalars.append(scalar)
        rest.removeFirst()
      }
    }
    finishText(trimsEnd: false, before: nil)
  }

  private mutating func readTag(_ kind: Unicode.Scalar) -> Bool {
    rest.removeFirst(2)
    let trimsEnd = rest.first == "-"
    if trimsEnd { rest.removeFirst() }
    finishText(trimsEnd: trimsEnd, before: kind)
    guard kind != "#" else { return skipComment() }
    var content = TemplateSpelling()
    let end: Unicode.Scalar = kind == "{" ? "}" : "%"
    guard content.read(&rest, until: end) else { return false }
    trimsStart = content.endsWithDash
    if kind == "{" {
      all.append(.print(content.text()))
    } else {
      guard let word = content.takeWord() else { return false }
      all.append(.statement(word, content.text()))
      dropNewline()
    }
    return true
  }

  private mutating func skipComment() -> Bool {
    var last: Unicode.Scalar?
    while let scalar = rest.popFirst() {
      if scalar == "#", rest.first == "}" {
        rest.removeFirst()
        trimsStart = last == "-"
        dropNewline()
        return true
      }
      last = scalar
    }
    return false
  }

  /// `trim_blocks`: a newline right after a statement or a comment is not printed.
  private mutating func dropNewline() {
    if rest.first == "\n" { rest.removeFirst() }
  }

  private mutating func finishText(trimsEnd: Bool, before kind: Unicode.Scalar?) {
    var scalars = Array(text.unicodeScalars)
    if trimsStart { scalars = Array(scalars.drop { $0.properties.isWhitespace }) }
    if trimsEnd {
      while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    } else if kind == "%" || kind == "#" {
      // `lstrip_blocks`: blanks between the line's start and a statement are not printed.
      let kept = scalars.reversed().drop { $0 == " " || $0 == "\t" }
      if kept.first.map({ $0 == "\n" }) ?? true { scalars = Array(kept.reversed()) }
    }
    if !scalars.isEmpty {
      var kept = ""
      kept.unicodeScalars.append(contentsOf: scalars)
      all.append(.text(kept))
    }
    text = ""
    trimsStart = false
  }
}
