/// How a terminal shows pictures.
public enum TerminalGraphics: String, CaseIterable, Sendable {
  /// Kitty's graphics protocol: a PNG in pieces.
  case kitty
  /// iTerm2's inline images: a PNG whole.
  case iterm
  /// DEC's sixels: six rows of pixels at a time, from a palette.
  case sixel
  /// Two pixels a character: half blocks in 24-bit colours.
  case blocks
}

/// The part of a terminal that a picture may fill.
public struct TerminalArea: Sendable {
  /// Its columns.
  public let columns: Int
  /// Its rows.
  public let rows: Int
  /// The pixels of one character cell.
  public let cellWidth: Int
  /// The pixels of one character cell.
  public let cellHeight: Int

  /// An area; a cell's size that the terminal does not say is taken for 10 × 20 pixels.
  public init(columns: Int, rows: Int, cellWidth: Int = 0, cellHeight: Int = 0) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    self.cellWidth = cellWidth > 0 ? cellWidth : 10
    self.cellHeight = cellHeight > 0 ? cellHeight : 20
  }
}
