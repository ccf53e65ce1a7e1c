internal import CCairo

extension Page {
  /// The figure as a PDF of one page, its type embedded and its text to be searched and copied,
  /// without a date: the same figure gives the same bytes.
  ///
  /// - Parameters:
  ///   - metadata: `Software` becomes the document's creator, the others its subject.
  ///   - poll: is called now and then, and stops the drawing by throwing.
  /// - Throws: `FigureError` where Cairo fails, what `poll` throws.
  public func pdf(
    metadata: [(keyword: String, text: String)] = [], poll: @escaping Poll = {}
  ) throws -> [UInt8] {
    let creator = metadata.first { $0.keyword == "Software" }?.text
    let subject = metadata.filter { $0.keyword != "Software" }
      .map { "\($0.keyword): \($0.text)" }.joined(separator: "; ")
    return try VectorDocument.bytes(
      of: self, poll: poll, on: cairo_pdf_surface_create_for_stream
    ) { surface in
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, nil)
      for (key, text) in [
        (CAIRO_PDF_METADATA_TITLE, figure.title), (CAIRO_PDF_METADATA_CREATOR, creator ?? ""),
        (CAIRO_PDF_METADATA_SUBJECT, subject),
      ] where !text.isEmpty {
        cairo_pdf_surface_set_metadata(surface, key, text)
      }
    }
  }
}
