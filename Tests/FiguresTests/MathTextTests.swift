import Figures
import Testing

@Suite struct MathTextTests {
  /// A line as it is built: letters in brackets, behind `/` where they are slanted and `*` where
  /// they are bold.
  private func read(_ line: String) -> String { MathText(line).nodes.map(read).joined() }

  private func read(_ node: MathNode) -> String {
    switch node {
    case .letters(let text, let isSlanted, let isBold):
      (isSlanted ? "/" : "") + (isBold ? "*" : "") + "[\(text)]"
    case .row(let atoms): atoms.map { read($0.node) }.joined()
    case .scripts(let base, let upper, let lower):
      read(base) + (upper.map { "^(\(read($0)))" } ?? "") + (lower.map { "_(\(read($0)))" } ?? "")
    case .fraction(let upper, let lower): "(\(read(upper)))/(\(read(lower)))"
    case .root(let inside, let degree): "\(degree.map(read) ?? "")√(\(read(inside)))"
    case .accented(let base, let sign): (sign ?? "line") + "(\(read(base)))"
    case .fenced(let opening, let inside, let closing): "<\(opening)\(read(inside))\(closing)>"
    case .space(let share): share < 0 ? "-" : "~"
    }
  }

  @Test(arguments: [
    ("plain text_1 ^2", "[plain text_1 ^2]"), ("costs $5", "[costs $5]"),
    ("$5 and $6", "[$5 and $6]"), ("$5$ and $6$", "[5][ and ][6]"),
    ("\\$5 and $x$", "[$5 and ]/[x]"), ("$$", "[$$]"),
    ("$x_i^2$", "/[x]^([2])_(/[i])"), ("$10^{-3}$", "[10]^([−][3])"),
    ("$x_{KL}^{(t)}$", "/[x]^([(]/[t][)])_(/[KL])"),
    ("$\\alpha \\times \\Delta$", "/[α][×][Δ]"), ("$T = 1$", "/[T][=][1]"),
    ("$\\mathrm{loss}_{KL}$", "[loss]_(/[KL])"),
    ("$\\mathcal{L}(\\theta)$", "[ℒ][(]/[θ][)]"),
    ("$\\log_2 x$", "[log]_([2])/[x]"), ("$\\mathbf{W} \\mathbb{E1}$", "*[W][𝔼𝟙]"),
    ("$\\boldsymbol{\\mathcal{L}}\\Delta Δ\\alpha$", "*[ℒ][ΔΔ]/[α]"),
    ("$$x$$ and $", "/[x][ and $]"),
    ("$\\sqrt[3]{x}$", "[3]√(/[x])"), ("$\\text{q_proj, \\$}$", "[q_proj, $]"),
    ("$x'_i''$", "/[x]^([′][′][′])_(/[i])"),
    ("$\\rightleftharpoons\\left<x\\right>$", "[⇌]<⟨/[x]⟩>"), ("$\\lbrace?\\rbrace$", "[{][?][}]"),
    ("$\\nabla_\\theta \\|W\\|$", "[∇]_(/[θ])[‖]/[W][‖]"), ("$\\mathcal{Q}$", "[𝒬]"),
    ("$p\\,\\|\\,q\\!r$", "/[p]~[‖]~/[q]-/[r]"), ("$\\text{down proj}$", "[down proj]"),
    ("$\\frac{1}{N}\\sum_i \\hat{y}$", "([1])/(/[N])[∑]_(/[i])ˆ(/[y])"),
    ("$\\sqrt{d_k} \\bar x$", "√(/[d]_(/[k]))line(/[x])"),
    ("$\\left(\\frac ab\\right]$", "<((/[a])/(/[b])]>"),
    ("$\\operatorname{softmax} \\varepsilon \\ll 1$", "[softmax]/[ε][≪][1]"),
    ("10⁻⁵ and H₂O", "[10][]^([−5])[ and H][]_([2])[O]"),
    ("$a^{b^c}$", "/[a]^(/[b]^(/[c]))"), ("$1 - \\cos(a,-b)$", "[1][−][cos][(]/[a][,][−]/[b][)]"),
    ("$\\rightarrow \\{x\\}$", "[→][{]/[x][}]"), ("$a'$", "/[a]^([′])"),
    ("$x^", "[$x^]"), ("±3 × 4", "[±3 × 4]"), ("", "[]"),
  ])
  func readsMathematics(line: String, expected: String) {
    #expect(read(line) == expected)
    #expect(MathText(line).faults.isEmpty)
  }

  /// What is not understood is drawn as far as it can be, and told.
  @Test(arguments: [
    ("$\\unknown x$", "[\\unknown]/[x]", ["\\unknown is not known"]),
    ("$x_{a$", "/[x]_(/[a])", ["a { is not closed"]),
    ("$x_$", "/[x]_()", ["_ has nothing behind it"]),
    ("$}{$", "", ["a } closes nothing", "a { is not closed"]),
    ("$\\frac{a}$", "(/[a])/()", ["\\frac{…} has nothing behind it"]),
    ("$x^a^b$", "/[x]^(/[a]/[b])", ["a second ^ stands on one letter"]),
    ("$\\sqrt[3$", "[3]√()", ["a [ is not closed", "\\sqrt has nothing behind it"]),
    ("$\\left(a$", "<(/[a]>", ["a \\left has no \\right"]),
    ("$a \\right) b$", "/[a][)]/[b]", ["a \\right has no \\left"]),
    ("${a \\right) b}$", "/[a][)]/[b]", ["a \\right has no \\left"]),
    ("$\\left\\foo x\\right.$", "</[x]>", ["\\foo is not known"]),
  ])
  func tellsWhatItDoesNotKnow(line: String, expected: String, faults: [String]) throws {
    #expect(read(line) == expected)
    #expect(MathText(line).faults == faults)
    let figure = Figure(try Samples.heatmap(4, 4), title: line)
    #expect(
      try figure.page(width: 4).remarks() == faults.map { "the mathematics in \"\(line)\": \($0)" })
  }

  /// Groups a thousand deep are an answer, not the end of the stack.
  @Test func deepGroupsEnd() throws {
    for opening in [
      "{", "\\left(", "\\sqrt{", "x^{", "\\bm", "\\sqrt ", "\\hat", "\\frac", "x^\\hat{",
    ] {
      let text = "$" + String(repeating: opening, count: 10_000) + "$"
      #expect(MathText(text).faults.contains("it is nested deeper than 40"), "\(opening)")
      let table = try TablePlot(columns: ["a"], rows: [[text]], isNumeric: [false])
      // A table's cells are set whole, however long.
      _ = try? Figure(.table(table)).layout(width: 6)
    }
    let scripts = MathText("$x" + String(repeating: "^a", count: 10_000) + "$")
    #expect(scripts.faults == ["a second ^ stands on one letter"])
  }

  /// The spaces of page 170 of The TeXbook: those in parentheses are not in scripts, and a star is
  /// where no such neighbours are.
  @Test func spacesAreThoseOfTheTeXbook() throws {
    let table = """
      0 1 (2) (3) 0 0 0 (1)
      1 1 * (3) 0 0 0 (1)
      (2) (2) * * (2) * * (2)
      (3) (3) * 0 (3) 0 0 (3)
      0 0 * 0 0 0 0 0
      0 1 (2) (3) 0 0 0 (1)
      (1) (1) * (1) (1) (1) (1) (1)
      (1) 1 (2) (3) (1) 0 (1) (1)
      """
    let widths: [Character: Double] = ["0": 0, "1": 3.0 / 18, "2": 4.0 / 18, "3": 5.0 / 18]
    for (left, row) in zip(MathClass.allCases, table.split(separator: "\n")) {
      for (right, cell) in zip(MathClass.allCases, row.split(separator: " ")) where cell != "*" {
        let width = try #require(cell.first { $0.isNumber }.flatMap { widths[$0] })
        #expect(MathClass.space(between: left, right, isScript: false) == width)
        #expect(
          MathClass.space(between: left, right, isScript: true)
            == (cell.hasPrefix("(") ? 0 : width))
      }
    }
  }

  /// Signs between two operands have TeX's spaces around them, and signs before one have none.
  @Test func spacesFollowTheClasses() throws {
    func width(_ title: String) throws -> Double {
      let figure = Figure(try Samples.heatmap(4, 4), title: title)
      return try #require(try figure.layout(width: 6).boxes.first { $0.name == "title" }).rectangle
        .width
    }
    // At the title's 10.5 points.
    let size = 10.5
    let (letter, sign) = (try width("$a$"), try width("$+$"))
    #expect(abs(try width("$a+a$") - 2 * letter - sign - 2 * size * 2 / 9) < 0.2)
    #expect(abs(try width("$+a$") - letter - sign) < 0.2)
    #expect(abs(try width("$a=a$") - 2 * letter - (try width("$=$")) - 2 * size * 5 / 18) < 0.2)
    #expect(abs(try width("$aa$") - 2 * letter) < 0.2)
    // Spaces that are asked for are no operands, and may be less than nothing.
    #expect(abs(try width("$a\\,a$") - 2 * letter - size / 6) < 0.2)
    #expect(abs(try width("$a\\!a$") - 2 * letter + size / 6) < 0.2)
    #expect(abs(try width("$(\\,-a)$") - (try width("$(-a)$")) - size / 6) < 0.2)
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
    // Lines with a fraction between them stand farther apart.
    let (lines, fractions) = (try box("$a$\n$b$"), try box("$\\frac{a}{b}$\n$\\frac{a}{b}$"))
    let more = try box("$\\frac{a}{b}$").height - box("$a$").height
    #expect(fractions.height > lines.height + more)
    // Letters that the type lacks come from another one.
    #expect(try box("日本語 🙂").width > 10)
  }

  /// No line ends inside mathematics, and no command grows together with what follows it.
  @Test func spacesInMathematicsStillPartWords() throws {
    let figure = Figure(try Samples.heatmap(4, 4), title: "$\\log x$ and more")
    let boxes = try figure.layout(width: 4).boxes
    let line = try #require(boxes.first { $0.name == "title" }?.text.first)
    #expect(read(line) == "[log]/[x][ and more]")
  }

  /// A formula that is longer than the line is broken behind its signs; a term that is longer is told.
  @Test func longFormulasAreBroken() throws {
    let sum = "$" + (0..<30).map { "x_{\($0)}" }.joined(separator: " + ") + " = y$"
    let figure = Figure(try Samples.heatmap(4, 4), title: sum)
    let lines = try #require(try figure.layout(width: 3).boxes.first { $0.name == "title" }).text
    #expect(lines.count > 1)
    for line in lines {
      #expect(
        line.hasPrefix("$") && line.hasSuffix("$") && MathText(line).faults.isEmpty, "\(line)")
    }
    #expect(
      lines.dropLast().allSatisfy { $0.hasSuffix("+{}$") || $0.hasSuffix("={}$") }, "\(lines)")
    let term = "$\\mathrm{" + String(repeating: "m", count: 90) + "}$"
    let wide = try Figure(try Samples.heatmap(4, 4), title: term).page(width: 3)
    #expect(wide.layout.boxes.first { $0.name == "title" }?.text == ["…"])
    #expect(try wide.remarks() == ["no room for the whole of \"…\""])
  }

  /// What stands in a table or a legend has the room that its formula takes.
  @Test func rowsAreAsHighAsTheirFormulas() throws {
    let tall = "$\\frac{\\sqrt{x}}{\\hat{y}}$"
    let table = Figure(
      .table(
        try TablePlot(columns: ["a"], rows: [[tall], [tall], [tall]], isNumeric: [false])))
    let cells = try table.layout(width: 4).boxes.filter { $0.name.hasPrefix("cell") }.map(
      \.rectangle)
    for (above, below) in zip(cells, cells.dropFirst()) { #expect(above.maxY <= below.y) }
    let series = try (0..<3).map { try LinePlot.Series(name: tall, y: [1, Double($0)]) }
    let tallLegend = try Figure(.line(try LinePlot(series: series))).layout(width: 4).boxes
    let plain = try (0..<3).map { try LinePlot.Series(name: "x", y: [1, Double($0)]) }
    let plainLegend = try Figure(.line(try LinePlot(series: plain))).layout(width: 4).boxes
    func height(_ boxes: [FigureLayout.Box]) throws -> Double {
      try #require(boxes.first { $0.name == "legend" }).rectangle.height
    }
    let heights = (tall: try height(tallLegend), plain: try height(plainLegend))
    #expect(heights.tall > heights.plain + 4, "\(heights)")
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
