import Figures
import Foundation
import JSONFormat
import Kernels
import NotebookFormat

extension RichOutput {
  /// Dots per inch of figures inside notebooks: sharp on screens, small in the file.
  private static let figureDPI = 150

  /// A display in the media types that it has.
  ///
  /// - Parameter style: how its figure is drawn.
  /// - Throws: `FigureError` where a figure cannot be drawn, `Interrupted` where it was stopped.
  package init(_ display: Display, _ style: FigureStyle) throws {
    var data = JSONObject()
    var sizes = JSONObject()
    if let figure = display.figure, display.isVector {
      data["image/svg+xml"] = .string(
        try figure.page(theme: style.theme)
          .svg(metadata: style.metadata, poll: Interrupt.check))
    } else if let figure = display.figure {
      let png = try figure.page(theme: style.theme)
        .png(dpi: Self.figureDPI, metadata: style.metadata, poll: Interrupt.check)
      data["image/png"] = .string(Data(png).base64EncodedString())
      sizes["image/png"] = Self.shownSize(ofPNG: png)
    }
    if let html = display.html { data["text/html"] = .string(html) }
    data["text/plain"] = .string(display.text)
    self.init(data: data, metadata: sizes)
  }

  /// The size at which a front end shows a picture at its true one, in the 96th parts of an inch
  /// that front ends call pixels; a PNG has its own pixels at bytes 16 and 20.
  private static func shownSize(ofPNG png: [UInt8]) -> JSON {
    func size(at place: Int) -> JSON {
      let pixels = png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      return .int(Int((Double(pixels) * 96 / Double(figureDPI)).rounded()))
    }
    return ["width": size(at: 16), "height": size(at: 20)]
  }
}
