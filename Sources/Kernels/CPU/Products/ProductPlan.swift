/// How a product is cut into pieces: by its shape alone, so that sums do not depend on how many
/// threads there are, and small enough that an interrupt need not wait.
struct ProductPlan: Equatable {
  /// Rows of a slice.
  var rowSlice: Int
  /// Columns of a panel.
  var columnSlice: Int
  /// Terms that are summed before the next look for an interrupt.
  var innerSlice: Int

  /// Multiplications between two looks, of f32 products and of those that keep a sum together,
  /// which only fast units do: about 20 ms on one slow core, 10 ms there, twice that in a gated
  /// product.
  private static let workLimits = (1 << 28, 1 << 30)
  private static let innerLimit = 2048

  private let workLimit: Int

  /// Slices of about 256 rows, and at least four of them; where rows are too few, panels of columns
  /// instead. `isWhole` keeps all terms of a sum together.
  init(rows: Int, columns: Int, inner: Int, isWhole: Bool) {
    let slices = max((rows + 255) / 256, min(4, rows / 32), 1)
    rowSlice = Self.round((rows + slices - 1) / slices, to: 32, atMost: rows)
    columnSlice = columns
    innerSlice = isWhole ? inner : min(inner, Self.innerLimit)
    workLimit = isWhole ? Self.workLimits.1 : Self.workLimits.0
    if slices < 4 { columnSlice = Self.round((columns + 7) / 8, to: 64, atMost: columns) }
    while rowSlice > 64, isTooLarge, columnSlice <= 1024 {
      rowSlice = Self.round(rowSlice / 2, to: 32, atMost: rows)
    }
    while columnSlice > 64, isTooLarge {
      columnSlice = Self.round(columnSlice / 2, to: 64, atMost: columns)
    }
    while rowSlice > 1, isTooLarge { rowSlice = (rowSlice + 1) / 2 }
  }

  private var isTooLarge: Bool {
    let (area, areaOverflow) = rowSlice.multipliedReportingOverflow(by: columnSlice)
    let (work, overflow) = area.multipliedReportingOverflow(by: innerSlice)
    return areaOverflow || overflow || work > workLimit
  }

  private static func round(_ size: Int, to multiple: Int, atMost limit: Int) -> Int {
    max(1, min((size + multiple - 1) / multiple * multiple, limit))
  }
}
