internal import CCairo

extension Page {
  /// The figure as an SVG document, its letters as shapes, without a date: the same figure gives
  /// the same bytes.
  ///
  /// - Parameters:
  ///   - metadata: what is noted in the document's `metadata`.
  ///   - poll: is called now and then, and stops the drawing by throwing.
  /// - Throws: `FigureError` where Cairo fails, what `poll` throws.
  public func svg(
    metadata: [(keyword: String, text: String)] = [], poll: @escaping Poll = {}
  ) throws -> String {
    let bytes = try VectorDocument.bytes(
      of: self, poll: poll, on: cairo_svg_surface_create_for_stream)
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
  /// Names stand between quotes or behind a `#`, which no image's data have.
  private static func renumbered(_ text: String) -> String {
    var numbers: [String: Int] = [:]
    return text.replacing(/(["#])([a-z]+)(\d+)(["\)])/) { match in
      let (kind, old) = (String(match.output.2), String(match.output.3))
      let number = numbers[kind + old] ?? numbers.count + 1
      numbers[kind + old] = number
      return "\(match.output.1)\(kind)\(number)\(match.output.4)"
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
    return (figure.title.isEmpty ? "" : "<title>\(escaped(figure.title))</title>\n")
      + "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\(lines.joined())</metadata>"
  }
}
