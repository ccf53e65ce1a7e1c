import Figures
import Foundation
import JSONFormat
import NotebookFormat

extension RichOutput {
  /// Dots per inch of figures inside notebooks: sharp on screens, small in the file.
  private static let figureDPI = 150

  /// A display in the media types that it has.
  ///
  /// - Parameter metadata: what the PNG of a figure notes.
  /// - Throws: `FigureError` where a figure cannot be drawn.
  init(_ display: Display, metadata: [(keyword: String, text: String)]) throws {
    var data = JSONObject()
    if let figure = display.figure {
      let png = try figure.png(dpi: Self.figureDPI, metadata: metadata)
      data["image/png"] = .string(Data(png).base64EncodedString())
    }
    if let html = display.html { data["text/html"] = .string(html) }
    data["text/plain"] = .string(display.text)
    self.init(data: data)
  }
}
