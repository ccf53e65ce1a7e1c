import Figures
import Kernels

/// How a terminal shows pictures.
public typealias TerminalGraphics = Figures.TerminalGraphics
/// The part of a terminal that a picture may fill.
public typealias TerminalArea = Figures.TerminalArea

extension Display {
  /// The figure as text for a terminal, its lines ended; nil where there is none.
  /// - Throws: `FigureError` where the area leaves no room for it, `Interrupted` where it was stopped.
  public func picture(_ graphics: TerminalGraphics, in area: TerminalArea) throws -> String? {
    try figure?.terminalText(graphics, in: area, poll: Interrupt.check)
  }
}

extension Session {
  /// The figure of a display as the PNG that `save` makes of it; nil where there is none.
  /// - Throws: `FigureError` where it cannot be drawn, `Interrupted` where it was stopped.
  public func png(of display: Display) throws -> [UInt8]? {
    let style = figureStyle
    return try display.figure?.page(theme: style.theme)
      .png(metadata: style.metadata, poll: Interrupt.check)
  }
}
