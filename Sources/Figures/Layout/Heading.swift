/// What stands over a plot: its title, and before it the letter of its panel.
struct Heading {
  private let letter: TextBlock?
  private let title: TextBlock?
  private let width: Double
  /// How much of the width the letter takes.
  private let inset: Double

  init(_ figure: Figure, in panel: Panel, _ measure: some TextMeasure) {
    let letter = panel.letter.map {
      TextBlock([$0], size: PageStyle.letterSize, isNumber: true, isBold: true, measure: measure)
    }
    inset = letter.map { $0.width + PageStyle.titleGap } ?? 0
    width = panel.width
    self.letter = letter
    title = TextBlock(
      fitting: figure.title, width: width - 2 * PageStyle.margin - inset,
      sizes: PageStyle.titleSizes, most: PageStyle.titleLines, measure: measure)
  }

  /// The height of the text; 0 where there is none.
  var height: Double { max(letter?.height ?? 0, title?.height ?? 0) }

  /// Where what stands below begins.
  var bottom: Double { PageStyle.margin + (height > 0 ? height + PageStyle.titleGap : 0) }

  /// The texts, the title's middle as near to `x` as it can be.
  func texts(centeredAt x: Double) -> [PlacedText] {
    var texts: [PlacedText] = []
    let y = PageStyle.margin
    if let letter {
      texts.append(
        PlacedText(
          name: "letter", block: letter,
          rectangle: Rectangle(
            x: PageStyle.margin, y: y, width: letter.width, height: letter.height)))
    }
    if let title {
      let most = width - PageStyle.margin - title.width
      texts.append(
        PlacedText(
          name: "title", block: title,
          rectangle: Rectangle(
            x: max(PageStyle.margin + inset, min(x - title.width / 2, most)), y: y,
            width: title.width, height: title.height)))
    }
    return texts
  }
}
