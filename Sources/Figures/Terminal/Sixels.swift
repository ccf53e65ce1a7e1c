/// Pixels as DEC's sixels: bands of six rows, in each of them one line of characters for every
/// colour that it holds.
///
/// Reference: VT330/VT340 Programmer Reference Manual, volume 2, chapter 14.
package enum Sixels {
  /// The registers that every terminal with colours has.
  static let mostColors = 256

  /// The control string of a grid.
  package static func text(_ grid: PixelGrid) -> String {
    let palette = Palette(of: grid, atMost: mostColors)
    // Square pixels, and those that are not set stay as they are.
    var bytes = Array("\u{1B}P0;1;0q\"1;1;\(grid.width);\(grid.height)".utf8)
    for (index, color) in palette.colors.enumerated() {
      let (red, green, blue) = (percent(color >> 16), percent(color >> 8), percent(color))
      bytes += Array("#\(index);2;\(red);\(green);\(blue)".utf8)
    }
    for top in stride(from: 0, to: grid.height, by: 6) {
      // `-` goes to the next band; behind the last one it could scroll the terminal.
      if top > 0 { bytes.append(UInt8(ascii: "-")) }
      appendBand(from: top, of: grid, palette, to: &bytes)
    }
    bytes += Array("\u{1B}\\".utf8)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The lowest byte of a colour as sixels have it.
  private static func percent(_ channel: UInt32) -> UInt32 { ((channel & 0xFF) * 100 + 127) / 255 }

  private static func appendBand(
    from top: Int, of grid: PixelGrid, _ palette: Palette, to bytes: inout [UInt8]
  ) {
    // The six bits of each column, for every colour of the band.
    var bits: [Int: [UInt8]] = [:]
    for row in top..<min(top + 6, grid.height) {
      for column in 0..<grid.width {
        let color = palette.index(of: grid[row, column])
        bits[color, default: [UInt8](repeating: 0, count: grid.width)][column] |= 1 << (row - top)
      }
    }
    for (index, color) in bits.keys.sorted().enumerated() {
      // `$` goes back to the start of the band.
      if index > 0 { bytes.append(UInt8(ascii: "$")) }
      bytes += Array("#\(color)".utf8)
      appendRuns(of: bits[color] ?? [], to: &bytes)
    }
  }

  private static func appendRuns(of columns: [UInt8], to bytes: inout [UInt8]) {
    var start = 0
    // What is not set at the end need not be said.
    let end = (columns.lastIndex { $0 != 0 } ?? -1) + 1
    while start < end {
      var next = start + 1
      while next < end, columns[next] == columns[start] { next += 1 }
      let sixel = columns[start] + 0x3F
      if next - start > 3 {
        bytes += Array("!\(next - start)".utf8) + [sixel]
      } else {
        bytes += [UInt8](repeating: sixel, count: next - start)
      }
      start = next
    }
  }
}
