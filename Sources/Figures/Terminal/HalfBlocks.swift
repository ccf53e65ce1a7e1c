/// Pixels as upper half blocks: the upper one is the character's colour, the lower one its
/// background.
package enum HalfBlocks {
  /// The lines of a grid, each with its end; colours never reach beyond their line.
  package static func text(_ grid: PixelGrid) -> String {
    var text = ""
    for row in stride(from: 0, to: grid.height, by: 2) {
      var last: (upper: UInt32, lower: UInt32?)?
      for column in 0..<grid.width {
        let upper = grid[row, column]
        // Below the last row of an odd number there is the terminal's own background.
        let lower = row + 1 < grid.height ? grid[row + 1, column] : nil
        if last?.upper != upper { text += "\u{1B}[38;2;\(channels(upper))m" }
        if let lower, last?.lower != lower { text += "\u{1B}[48;2;\(channels(lower))m" }
        text += "▀"
        last = (upper, lower)
      }
      text += "\u{1B}[0m\n"
    }
    return text
  }

  private static func channels(_ color: UInt32) -> String {
    "\(color >> 16 & 0xFF);\(color >> 8 & 0xFF);\(color & 0xFF)"
  }
}
