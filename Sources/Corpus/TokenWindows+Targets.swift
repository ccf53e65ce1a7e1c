import Models
import Tensors

extension TokenWindows {
  /// How many targets of a window count in a loss: length − 1, or the learnt ones of them.
  public func counted(_ window: Int) -> Int {
    guard let learnt else { return length - 1 }
    return learnt[window * length..<(window + 1) * length].dropFirst().count { $0 }
  }

  /// How many targets of some windows count in a loss.
  public func counted(_ windows: some Sequence<Int>) -> Int {
    windows.reduce(0) { $0 + counted($1) }
  }

  /// For each position of some windows the id that follows it, −1 where that is not learnt and at
  /// each window's end; i64 [windows · length], on the ids' device. Made there where all are
  /// learnt, else one copy to it.
  /// - Parameter ids: what `batch` gave for the same windows.
  /// - Throws: what the device throws.
  package func targets(_ windows: [Int], of ids: TokenIDs) throws -> Tensor {
    guard let learnt else { return try ids.targets() }
    var targets = [Int64](repeating: -1, count: windows.count * length)
    for (row, window) in windows.enumerated() {
      for place in 1..<length where learnt[window * length + place] {
        targets[row * length + place - 1] = Int64(self.ids[window * length + place])
      }
    }
    return try Tensor(targets, shape: [targets.count], on: ids.tensor.device)
  }
}
