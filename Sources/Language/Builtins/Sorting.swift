/// Python's sort: stable, by `<` alone.
enum Sorting {
  /// The elements in order. O(n log n) comparisons.
  static func sorted(
    _ elements: [Value], key: Value, reverse: Bool, _ interpreter: Interpreter
  ) throws -> [Value] {
    let keys =
      try key.isNone
      ? elements : elements.map { try interpreter.apply(key, Arguments([$0])) }
    let order = try order(of: keys, interpreter) { left, right in
      try reverse ? Ordering.isLess(left, right) : Ordering.isLess(right, left)
    }
    return order.map { elements[$0] }
  }

  /// The positions in sorted order, by merging runs of doubling length. Swift's own sort does not
  /// promise to be stable.
  private static func order(
    of keys: [Value], _ interpreter: Interpreter,
    isBehind: (_ left: Value, _ right: Value) throws -> Bool
  ) throws -> [Int] {
    var order = Array(keys.indices)
    var merged = order
    var run = 1
    while run < keys.count {
      for start in stride(from: 0, to: keys.count, by: 2 * run) {
        try interpreter.poll()
        let middle = min(start + run, keys.count)
        let end = min(start + 2 * run, keys.count)
        var (left, right) = (start, middle)
        for position in start..<end {
          let takesRight: Bool
          if left == middle {
            takesRight = true
          } else if right == end {
            takesRight = false
          } else {
            takesRight = try isBehind(keys[order[left]], keys[order[right]])
          }
          merged[position] = order[takesRight ? right : left]
          if takesRight { right += 1 } else { left += 1 }
        }
      }
      swap(&order, &merged)
      run *= 2
    }
    return order
  }
}
