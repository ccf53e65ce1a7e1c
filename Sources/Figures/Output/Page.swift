/// A figure at a size and in a theme, everything of it placed: what files are made of.
public struct Page: Sendable {
  let figure: Figure
  let theme: Theme
  /// Where everything stands.
  public let layout: FigureLayout

  /// What the figure leaves out or draws otherwise than it was asked for, a clause each: labels
  /// without room, letters that no font has, mathematics that is not known.
  /// - Throws: `FigureError` where Cairo cannot start.
  public func remarks() throws -> [String] {
    let texts = layout.boxes.flatMap(\.text)
    return layout.omissions
      + [try missingLetters(texts), Self.leftward(texts)].compactMap(\.self)
      + Self.faults(in: texts)
  }

  /// Cairo sets letters in the order in which they come, and joins none.
  private static func leftward(_ texts: [String]) -> String? {
    let text = texts.first { text in
      let isLeftward = text.unicodeScalars.map { (0x590...0x8FF).contains($0.value) }
      return zip(isLeftward, isLeftward.dropFirst()).contains { $0 && $1 }
    }
    return text.map { "\"\($0)\" is drawn from left to right, letter by letter" }
  }

  private func missingLetters(_ texts: [String]) throws -> String? {
    guard CairoFont.lacksAny else { return nil }
    let letters = try texts.flatMap(CairoTextMeasure(theme).missing).distinct
    guard !letters.isEmpty else { return nil }
    let shown = letters.map { "'\($0)'" }.listed(most: 8)
    let isIdeographic = letters.contains { letter in
      letter.unicodeScalars.contains { $0.properties.isIdeographic }
    }
    return "no installed font has \(shown): a box stands for each"
      + (isIdeographic ? "; the package fonts-noto-cjk has Chinese, Japanese and Korean" : "")
  }

  private static func faults(in texts: [String]) -> [String] {
    texts.filter { $0.contains("$") }.flatMap { text in
      MathText(text).faults.map { fault in
        "the mathematics in \"\(text.replacing("\u{A0}", with: " "))\": \(fault)"
      }
    }.distinct
  }
}

extension Figure {
  /// Places the figure on a page of its own.
  ///
  /// - Parameters:
  ///   - width: the width in inches.
  ///   - height: the height in inches; nil takes what suits the content.
  ///   - theme: how it looks.
  /// - Throws: `FigureError` as `layout` does.
  public func page(
    width: Double = Figure.defaultWidth, height: Double? = nil, theme: Theme = .paper
  ) throws -> Page {
    Page(
      figure: self, theme: theme,
      layout: try layout(width: width, height: height, theme: theme))
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order in which they come.
  var distinct: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
