import Files
import Foundation
import Kernels
import Workbench

/// Shows the figures of a session on the terminal, each with the file that keeps it.
final class InlineFigures {
  private let session: Session
  private let console: Console
  private let keys: TypedAhead?
  private let folder = FigureFolder()
  private let sign: GraphicsSupport.Sign
  /// What the terminal has, once it is known.
  private lazy var graphics: TerminalGraphics? = {
    switch sign {
    case .graphics(let graphics): return graphics
    case .refused: return nil
    case .unknown(let otherwise):
      guard let keys, DeviceAttributes.includeSixel(keys: keys) else { return otherwise }
      return .sixel
    }
  }()

  /// The figures of a session; nil where standard output is no terminal, or nobody wants them.
  ///
  /// - Parameter keys: where what is typed goes while the terminal is asked what it can do; nil: it
  ///   is not asked.
  init?(
    _ session: Session, on console: Console, keys: TypedAhead?,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    sign = GraphicsSupport.sign(in: environment)
    guard isatty(STDOUT_FILENO) == 1, sign != .refused else { return nil }
    self.session = session
    self.console = console
    self.keys = keys
  }

  /// The text that a display is shown as: its picture, its words, and the file's path.
  func text(of display: Display) -> String {
    guard display.figure != nil else { return display.text + "\n" }
    var (picture, place) = ("", "")
    do {
      if let graphics { picture = try display.picture(graphics, in: console.pictureArea) ?? "" }
      if let png = try session.png(of: display) { place = try folder.keep(png) + "\n" }
    } catch is Interrupted {
      // Who shows the display says so.
    } catch {
      // The figure is there all the same, and `save` may have more room for it.
      console.writeError("warning: \(error)\n")
    }
    return picture + display.text + "\n" + place
  }
}

extension Console {
  /// What a picture may fill: the width, and about half of the height.
  fileprivate var pictureArea: TerminalArea {
    let size = outputSize
    guard size.ws_col > 0, size.ws_row > 0 else { return TerminalArea(columns: 80, rows: 12) }
    let (columns, rows) = (Int(size.ws_col), Int(size.ws_row))
    // Some terminals leave the pixels out, and some fill in nonsense.
    return TerminalArea(
      columns: columns, rows: max(6, rows / 2), cellWidth: Int(size.ws_xpixel) / columns,
      cellHeight: Int(size.ws_ypixel) / rows)
  }
}
