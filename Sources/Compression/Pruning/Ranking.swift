/// The places of the `count` highest scores, in their original order; ties go to the lower place.
func highest(_ count: Int, of scores: some Collection<Double>) -> [Int] {
  Array(ranked(scores).prefix(count)).sorted()
}

/// All places by falling score; ties in their order.
func ranked(_ scores: some Collection<Double>) -> [Int] {
  scores.enumerated()
    .sorted { $0.element > $1.element || ($0.element == $1.element && $0.offset < $1.offset) }
    .map(\.offset)
}

/// The start of the contiguous block of `length` with the smallest sum; ties go to the lower start.
func cheapestBlock(of length: Int, in scores: [Double]) -> Int {
  var best = (start: 0, sum: Double.infinity)
  for start in 0...(scores.count - length) {
    let sum = scores[start..<start + length].reduce(0, +)
    if sum < best.sum { best = (start, sum) }
  }
  return best.start
}
