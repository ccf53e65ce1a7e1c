import Figures
import Files
import Kernels
import Language

extension Session {
  private static let endings = ["png", "pdf", "svg"]

  /// Writes a figure as the ending of its path says.
  func save(_ figure: Figure, _ given: String, _ arguments: BoundArguments) throws {
    guard !given.isEmpty else { throw LanguageError("path is empty: a figure needs a file's name") }
    let place = path(given)
    let name = lastName(of: place)
    let ending = name.contains(".") ? name.split(separator: ".").last.map(String.init) ?? "" : ""
    guard Self.endings.contains(ending.lowercased()) else {
      let hint = didYouMean(ending, Self.endings)
      throw FileError(
        path: given,
        reason: "a figure is saved as .png, .pdf or .svg, "
          + (ending.isEmpty ? "and this has no ending" : "not as '.\(ending)'\(hint)"))
    }
    let style = figureStyle
    let theme = arguments.value("theme").isNone ? style.theme : try arguments.choice("theme")
    let page = try figure.page(
      width: try width(arguments), height: try arguments.optionalDouble("height"), theme: theme)
    let bytes: [UInt8]
    switch ending.lowercased() {
    case "pdf": bytes = try page.pdf(metadata: style.metadata, poll: Interrupt.check)
    case "svg":
      bytes = Array(try page.svg(metadata: style.metadata, poll: Interrupt.check).utf8)
    default:
      bytes = try page.png(
        dpi: try arguments.int("dpi"), metadata: style.metadata, poll: Interrupt.check)
    }
    try writeFile(place) { try $0.write(bytes) }
    for remark in try page.remarks() { interpreter.warn("\(name): \(remark)") }
  }

  /// Inches, or what a journal calls its widths.
  private func width(_ arguments: BoundArguments) throws -> Double {
    switch arguments.value("width") {
    case .none, .string("page"): return Figure.pageWidth
    case .string("column"): return Figure.columnWidth
    case .string(let name):
      throw LanguageError(
        "width is inches, \"column\" (\(Figure.columnWidth)) or \"page\" (\(Figure.pageWidth)), not "
          + "'\(name)'\(didYouMean(name, ["column", "page"]))")
    default: return try arguments.double("width")
    }
  }
}
