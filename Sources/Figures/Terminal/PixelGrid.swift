/// Pixels of 24 bits, row by row.
package struct PixelGrid: Equatable, Sendable {
  /// The pixels of a row.
  package let width: Int
  /// The rows.
  package let height: Int
  /// Red, green and blue of every pixel.
  package let bytes: [UInt8]

  /// A grid of `width * height * 3` bytes.
  package init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(bytes.count == width * height * 3)
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// The pixel as `0xRRGGBB`.
  package subscript(row: Int, column: Int) -> UInt32 {
    let start = (row * width + column) * 3
    return UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2])
  }

  /// The grid with each square of `factor` × `factor` pixels as their mean; what is left at the
  /// right and at the bottom is left out.
  package func shrunk(by factor: Int) -> PixelGrid {
    let (columns, rows) = (width / factor, height / factor)
    var result = [UInt8](repeating: 0, count: columns * rows * 3)
    for row in 0..<rows {
      for column in 0..<columns {
        for channel in 0..<3 {
          var sum = factor * factor / 2
          for y in row * factor..<(row + 1) * factor {
            for x in column * factor..<(column + 1) * factor {
              sum += Int(bytes[(y * width + x) * 3 + channel])
            }
          }
          result[(row * columns + column) * 3 + channel] = UInt8(sum / (factor * factor))
        }
      }
    }
    return PixelGrid(width: columns, height: rows, bytes: result)
  }
}
