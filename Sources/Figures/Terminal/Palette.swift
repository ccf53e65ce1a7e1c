/// A few colours that stand for those of a picture.
///
/// Where there are too many, the box of colours with the largest spread is cut at its median until
/// there are boxes enough (Heckbert, 1982); each becomes the mean of its pixels.
struct Palette {
  /// The colours as `0xRRGGBB`.
  private(set) var colors: [UInt32] = []
  private var indices: [UInt32: Int] = [:]

  /// The colours of a grid.
  init(of grid: PixelGrid, atMost limit: Int) {
    var counts: [UInt32: Int] = [:]
    for row in 0..<grid.height {
      for column in 0..<grid.width { counts[grid[row, column], default: 0] += 1 }
    }
    var boxes = [Box(counts.keys.sorted().map { ($0, counts[$0] ?? 1) })]
    while boxes.count < limit,
      let widest = boxes.indices.max(by: { boxes[$0].priority < boxes[$1].priority }),
      boxes[widest].entries.count > 1
    {
      let (lower, upper) = boxes[widest].halves
      boxes[widest] = lower
      boxes.append(upper)
    }
    for box in boxes where !box.entries.isEmpty {
      for (color, _) in box.entries { indices[color] = colors.count }
      colors.append(box.mean)
    }
  }

  /// The place of the colour that stands for one of the grid.
  func index(of color: UInt32) -> Int { indices[color] ?? 0 }

  /// Colours that lie together, with their pixels.
  private struct Box {
    let entries: [(color: UInt32, count: Int)]
    /// The channel in which the colours differ most, as the bits below it.
    let shift: UInt32
    /// How much they differ; nothing is gained from a box of one colour.
    let priority: Int

    init(_ entries: [(color: UInt32, count: Int)]) {
      self.entries = entries
      var widest: (shift: UInt32, spread: Int) = (16, 0)
      for shift: UInt32 in [16, 8, 0] {
        let values = entries.map { Int($0.color >> shift & 0xFF) }
        let spread = (values.max() ?? 0) - (values.min() ?? 0)
        if spread > widest.spread { widest = (shift, spread) }
      }
      shift = widest.shift
      priority = widest.spread
    }

    var halves: (Box, Box) {
      let sorted = entries.sorted {
        ($0.color >> shift & 0xFF, $0.color) < ($1.color >> shift & 0xFF, $1.color)
      }
      // The median of pixels, with a colour on either side.
      let half = sorted.reduce(0) { $0 + $1.count } / 2
      var sum = 0
      var cut = 0
      while cut < sorted.count - 1, sum + sorted[cut].count <= half || cut == 0 {
        sum += sorted[cut].count
        cut += 1
      }
      return (Box(Array(sorted[..<cut])), Box(Array(sorted[cut...])))
    }

    var mean: UInt32 {
      let pixels = max(1, entries.reduce(0) { $0 + $1.count })
      return [UInt32(16), 8, 0].reduce(0) { result, shift in
        let sum = entries.reduce(0) { $0 + Int($1.color >> shift & 0xFF) * $1.count }
        return result | UInt32((sum + pixels / 2) / pixels) << shift
      }
    }
  }
}
