import Figures
import Testing

@Suite struct SVGTests {
  @Test func isTheSameDocumentEachTime() throws {
    let figure = Figure(try Samples.lines(["a", "b"]), title: "T")
    let text = try figure.page(width: 3.35).svg()
    #expect(text.hasPrefix("<?xml"))
    #expect(text.contains("width=\"241.2pt\""))
    #expect(text.hasSuffix("</svg>\n"))
    #expect(try figure.page(width: 3.35).svg() == text)
  }
}
