import Figures
import Testing

@Suite struct MathTextTests {
  /// Each stretch as `text`, `/` before a slanted one, `*` before a bold one, `^` or `_` before a raised or lowered one.
  private func read(_ line: String) -> String {
    MathText(line).stretches.map { stretch in
      (stretch.rise > 0 ? "^" : stretch.rise < 0 ? "_" : "") + (stretch.isStacked ? "|" : "")
        + (stretch.isSlanted ? "/" : "") + (stretch.isBold ? "*" : "") + "[\(stretch.text)]"
    }.joined()
  }

  @Test(arguments: [
    ("plain text_1 ^2", "[plain text_1 ^2]"), ("costs $5", "[costs $5]"),
    ("\\$5 and $x$", "[$5 and ]/[x]"), ("$$", "[$$]"),
    ("$x_i^2$", "/[x]_/[i]^|[2]"), ("$10^{-3}$", "[10]^[−3]"),
    ("$\\alpha \\times \\Delta$", "/[α][ × Δ]"), ("$T = 1$", "/[T][ = 1]"),
    ("$\\mathrm{loss}_{KL}$", "[loss]_/[KL]"), ("$\\mathcal{L}(\\theta)$", "[ℒ(]/[θ][)]"),
    ("$\\log x$", "[log ]/[x]"), ("$\\mathbf{W} \\mathbb{E}$", "*[W][𝔼]"),
    ("$\\nabla_\\theta \\|W\\|$", "[∇]_/[θ][‖]/[W][‖]"), ("$\\mathcal{Q}$", "/[Q]"),
    ("$p\\,\\|\\,q\\!r$", "/[p][\u{2009}‖\u{2009}]/[q][]/[r]"),
    ("10⁻⁵ and H₂O", "[10]^[−5][ and H]_[2][O]"), ("$\\unknown x$", "[\\unknown]/[x]"),
    ("$a^{b^c}$", "/[a]^/[b]^/[c]"), ("$1 - \\cos(a,-b)$", "[1 − cos(]/[a][, −]/[b][)]"),
    ("$x^", "[$x^]"), ("$x_$", "/[x]"), ("$}{$", ""),
    ("±3 × 4", "[±3 × 4]"), ("", "[]"),
  ])
  func readsMathematics(line: String, expected: String) {
    #expect(read(line) == expected)
  }

  /// Sizes are those of what is drawn: a raised exponent makes the line higher, not as wide.
  @Test func scriptsAreMeasured() throws {
    func box(_ title: String) throws -> Rectangle {
      let figure = Figure(try Samples.heatmap(4, 4), title: title)
      return try #require(try figure.layout(width: 4).boxes.first { $0.name == "title" }).rectangle
    }
    let (flat, raised) = (try box("$x222$"), try box("$x^{222}$"))
    #expect(raised.width < flat.width)
    #expect(raised.height > flat.height)
    // Letters that the type lacks come from another one.
    #expect(try box("日本語 🙂").width > 10)
  }

  /// No line ends inside mathematics, and no command grows together with what follows it.
  @Test func spacesInMathematicsStillPartWords() throws {
    let figure = Figure(try Samples.heatmap(4, 4), title: "$\\log x$ and more")
    let boxes = try figure.layout(width: 4).boxes
    let line = try #require(boxes.first { $0.name == "title" }?.text.first)
    #expect(read(line) == "[log ]/[x][ and more]")
  }

  @Test func breakingALineLeavesMathematicsWhole() throws {
    let title = "a long title with $x_{a b c} = 1 + 2 + 3 + 4 + 5 + 6$ in the middle of its words"
    let figure = Figure(try Samples.heatmap(4, 4), title: title)
    let boxes = try figure.layout(width: 2).boxes
    let lines = try #require(boxes.first { $0.name == "title" }).text
    #expect(lines.count > 1)
    for line in lines { #expect(line.count { $0 == "$" } % 2 == 0, "\(line)") }
  }
}
