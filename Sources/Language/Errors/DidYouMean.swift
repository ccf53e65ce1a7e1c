/// `; did you mean 'x'?` for the name most like a misspelt one, or nothing.
public func didYouMean(_ name: String, _ candidates: [String]) -> String {
  let target = Array(name.lowercased().unicodeScalars.prefix(64))
  let allowed = max(1, target.count / 3)
  var best: (distance: Int, name: String)?
  for candidate in candidates where !candidate.isEmpty {
    let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
    guard abs(other.count - target.count) <= allowed else { continue }
    let distance = editDistance(target, other)
    guard distance <= allowed, distance < target.count else { continue }
    if best.map({ (distance, candidate) < ($0.distance, $0.name) }) ?? true {
      best = (distance, candidate)
    }
  }
  return best.map { "; did you mean '\($0.name)'?" } ?? ""
}

/// The fewest insertions, deletions, changes and swaps of neighbours between two texts (optimal
/// string alignment). O(left · right).
func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for (row, a) in left.enumerated() {
    var current = [row + 1]
    current.reserveCapacity(right.count + 1)
    for (column, b) in right.enumerated() {
      var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (a == b ? 0 : 1))
      if row > 0, column > 0, a == right[column - 1], left[row - 1] == b {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
