/// The ids of a notebook's cells: valid and unique, without chance, so that the same script always
/// makes the same notebook.
struct CellIdentifiers {
  private var used: Set<String>

  /// Ids that differ from `used`.
  init(used: [String] = []) { self.used = Set(used) }

  /// The schema's pattern: 1 to 64 letters, digits, hyphens and underscores.
  static func isValid(_ id: String) -> Bool {
    (1...64).contains(id.utf8.count)
      && id.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  /// `proposal` where nobody has it, else the first free one of `proposal-2`, `proposal-3`, …
  mutating func claim(_ proposal: String) -> String {
    var id = proposal
    var number = 2
    while !used.insert(id).inserted {
      id = "\(proposal)-\(number)"
      number += 1
    }
    return id
  }

  /// The id of the cell at a position counted from 0.
  mutating func claim(position: Int) -> String { claim("cell-\(position + 1)") }
}
