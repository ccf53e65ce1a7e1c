internal import CCairo

extension Figure {
  /// The figure as an SVG document, its letters as shapes, without a date: the same figure gives
  /// the same bytes.
  ///
  /// - Parameters:
  ///   - width: the width in inches.
  ///   - height: the height in inches; nil takes what suits the content.
  ///   - metadata: what is noted in the document's `metadata`.
  /// - Throws: `FigureError` for a size that is not positive or too small for the labels.
  public func svg(
    width: Double = Figure.defaultWidth, height: Double? = nil, theme: Theme = .paper,
    metadata: [(keyword: String, text: String)] = []
  ) throws -> String {
    let layout = try layout(width: width, height: height, theme: theme)
    let bytes = try VectorDocument.bytes(
      of: self, layout, theme, on: cairo_svg_surface_create_for_stream)
    // Cells stay cells where a viewer enlarges them; Cairo says nothing of it.
    let crisp = "<image style=\"image-rendering:optimizeSpeed;image-rendering:pixelated\" "
    let text = Self.renumbered(String(decoding: bytes, as: UTF8.self))
      .replacing("<image ", with: crisp)
    guard let head = text.firstRange(of: /<svg[^>]*>/) else {
      throw FigureError("Cairo wrote no SVG document")
    }
    return text[..<head.upperBound] + "\n" + self.metadata(metadata) + text[head.upperBound...]
  }

  /// The same document whatever was drawn before it: Cairo numbers the surfaces of a whole process.
  private static func renumbered(_ text: String) -> String {
    var numbers: [Substring: Int] = [:]
    return text.replacing(/(?:surface|source-|image-|clip-?)(\d+)/) { match in
      let number = numbers[match.output.1] ?? numbers.count + 1
      numbers[match.output.1] = number
      return String(match.output.0.dropLast(match.output.1.count)) + "\(number)"
    }
  }

  /// The title and the notes, in the elements of the Dublin Core where it has them.
  private func metadata(_ notes: [(keyword: String, text: String)]) -> String {
    func escaped(_ text: String) -> String {
      text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
    let elements = ["Software": "creator", "Source": "source"]
    let lines = notes.map { keyword, text in
      let name = elements[keyword] ?? "description"
      let content = elements[keyword] == nil ? "\(keyword): \(text)" : text
      return "  <dc:\(name)>\(escaped(content))</dc:\(name)>\n"
    }
    return (title.isEmpty ? "" : "<title>\(escaped(title))</title>\n")
      + "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\(lines.joined())</metadata>"
  }
}
