import Figures
import Foundation
import Testing

/// Pictures in a terminal's text, decoded as terminals do.
@Suite struct TerminalPictureTests {
  /// A grid of pixels whose channels are whole percents of 255, as sixels have them.
  private func grid(_ width: Int, _ height: Int, colors: Int) -> PixelGrid {
    let levels: [UInt8] = [0, 51, 102, 153, 204, 255]
    var bytes: [UInt8] = []
    for index in 0..<(width * height) {
      let color = index * 7 % colors
      bytes += [levels[color % 6], levels[color / 6 % 6], levels[color / 36 % 6]]
    }
    return PixelGrid(width: width, height: height, bytes: bytes)
  }

  private func pixels(_ grid: PixelGrid) -> [UInt32] {
    (0..<grid.height).flatMap { row in (0..<grid.width).map { grid[row, $0] } }
  }

  @Test(arguments: [(1, 1, 1), (5, 6, 3), (40, 13, 200), (17, 12, 2), (64, 48, 216), (9, 7, 1)])
  func sixelsGiveThePixelsBack(width: Int, height: Int, colors: Int) throws {
    let grid = grid(width, height, colors: colors)
    let picture = try TerminalDecoding.sixel(Sixels.text(grid))
    #expect(picture.width == width && picture.height == height)
    #expect(picture.pixels == pixels(grid).map { Optional($0) })
  }

  @Test func sixelsOfManyColorsAreClose() throws {
    let (width, height) = (64, 64)
    var bytes: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        bytes += [UInt8(row * 4), UInt8(column * 4), UInt8((row + column) * 2)]
      }
    }
    let grid = PixelGrid(width: width, height: height, bytes: bytes)
    let text = Sixels.text(grid)
    #expect(text.matches(of: /#\d+;2;/).count == 256)
    let shown = try TerminalDecoding.sixel(text).pixels
    var sum = 0
    for (wanted, shown) in zip(pixels(grid), shown) {
      let shown = try #require(shown)
      for shift: UInt32 in [16, 8, 0] {
        let difference = abs(Int(wanted >> shift & 0xFF) - Int(shown >> shift & 0xFF))
        #expect(difference <= 24)
        sum += difference
      }
    }
    #expect(Double(sum) / Double(width * height * 3) < 6)
  }

  @Test(arguments: [0, 1, 3071, 3072, 3073, 10_000]) func kittyHasPieces(count: Int) throws {
    let png = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let pieces = try TerminalDecoding.kitty(InlineImages.kitty(png, columns: 40))
    #expect(pieces.count == (count * 4 / 3 + 4095) / 4096 || count < 3073)
    #expect(pieces.dropLast().allSatisfy { $0.content.count == 4096 && $0.keys["m"] == "1" })
    guard count > 0 else { return #expect(pieces.isEmpty) }
    let last = try #require(pieces.last)
    #expect(last.content.count <= 4096 && last.keys["m"] == "0")
    let first = pieces[0].keys
    #expect(first["a"] == "T" && first["f"] == "100" && first["q"] == "2" && first["c"] == "40")
    #expect(pieces.dropFirst().allSatisfy { $0.keys.count == 1 })
    let data = try #require(Data(base64Encoded: pieces.map(\.content).joined()))
    #expect(Array(data) == png)
  }

  @Test func itermHasTheWholeFile() throws {
    let png = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
    let text = InlineImages.iterm(png, columns: 40)
    let start = "\u{1B}]1337;File=inline=1;size=5000;width=40;preserveAspectRatio=1:"
    #expect(text.hasPrefix(start) && text.hasSuffix("\u{07}"))
    let data = try #require(Data(base64Encoded: String(text.dropFirst(start.count).dropLast())))
    #expect(Array(data) == png)
  }

  @Test(arguments: [(1, 1), (8, 6), (7, 5)]) func halfBlocksGiveThePixelsBack(
    width: Int, height: Int
  ) throws {
    let grid = grid(width, height, colors: 100)
    var rows = try TerminalDecoding.blocks(HalfBlocks.text(grid))
    if height % 2 == 1 { #expect(rows.removeLast().allSatisfy { $0 == nil }) }
    #expect(rows.count == height)
    #expect(rows.flatMap { $0 } == pixels(grid).map { Optional($0) })
  }

  @Test func shrinkingTakesMeans() {
    let bytes: [UInt8] = [0, 0, 0, 10, 20, 30, 200, 0, 0, 20, 20, 10, 10, 40, 0, 100, 0, 0]
    let grid = PixelGrid(width: 3, height: 2, bytes: bytes)
    #expect(grid.shrunk(by: 2) == PixelGrid(width: 1, height: 1, bytes: [10, 20, 10]))
  }

  @Test(arguments: [(40, 12), (100, 15), (20, 6), (300, 40)])
  func figuresFitTheArea(columns: Int, rows: Int) throws {
    let area = TerminalArea(columns: columns, rows: rows, cellWidth: 8, cellHeight: 16)
    for content in [try Samples.heatmap(9, 30), try Samples.lines(["a", "b"])] {
      let figure = Figure(content, title: "Title", xLabel: "x", yLabel: "y")
      let sixel = try TerminalDecoding.sixel(
        String(try figure.terminalText(.sixel, in: area).dropLast()))
      #expect(sixel.width <= columns * 8 && sixel.height <= rows * 16)
      // It takes what one of the sides lets it have.
      #expect(sixel.width > columns * 8 * 3 / 4 || sixel.height > rows * 16 * 3 / 4)
      #expect(sixel.pixels.allSatisfy { $0 != nil })

      let blocks = try TerminalDecoding.blocks(try figure.terminalText(.blocks, in: area))
      #expect(blocks.count <= rows * 2 && blocks.allSatisfy { $0.count <= columns })
      #expect(Set(blocks.map(\.count)).count == 1 && Set(blocks.flatMap { $0 }).count > 4)

      let kitty = try TerminalDecoding.kitty(try figure.terminalText(.kitty, in: area))
      let png = try #require(Data(base64Encoded: kitty.map(\.content).joined()))
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      let scaled = try #require(kitty.first?.keys["c"].flatMap(Int.init))
      #expect(scaled <= columns)
    }
  }
}
