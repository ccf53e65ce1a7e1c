/// Finds, for every position of a text, the longest of many byte strings that starts there.
///
/// An Aho-Corasick automaton of the reversed strings reads the text from its end, so that the
/// strings it recognizes at a position are those that start at it. One pass over the text, whatever
/// the strings: O(text + strings).
struct BackwardAutomaton {
  /// A string found: `range` in the text, `pattern` the number of the string.
  struct Match {
    let range: Range<Int>
    let pattern: Int
  }

  private struct Node {
    /// The node of the longest proper suffix that is a node too.
    var suffix = 0
    /// The longest pattern that ends in this node, itself or by its suffixes; -1 for none.
    var pattern = -1
  }

  private var nodes = [Node()]
  private var edges: [UInt64: Int] = [:]
  /// The children of the root by byte, 0 for none: where nearly every byte of a text ends up.
  private var rootEdges = [Int](repeating: 0, count: 256)
  private let lengths: [Int]

  /// Of equal patterns the first one counts; an empty one never matches.
  init(_ patterns: [[UInt8]]) {
    lengths = patterns.map(\.count)
    for (number, pattern) in patterns.enumerated() where !pattern.isEmpty {
      insert(pattern, number: number)
    }
    link()
  }

  private static func key(_ node: Int, _ byte: UInt8) -> UInt64 {
    UInt64(node) << 8 | UInt64(byte)
  }

  private mutating func insert(_ pattern: [UInt8], number: Int) {
    var node = 0
    for byte in pattern.reversed() {
      if let child = edges[Self.key(node, byte)] {
        node = child
      } else {
        nodes.append(Node())
        edges[Self.key(node, byte)] = nodes.count - 1
        if node == 0 { rootEdges[Int(byte)] = nodes.count - 1 }
        node = nodes.count - 1
      }
    }
    if nodes[node].pattern < 0 { nodes[node].pattern = number }
  }

  /// Sets the suffix of every node, shallow ones first.
  private mutating func link() {
    var children = [[(byte: UInt8, node: Int)]](repeating: [], count: nodes.count)
    for (key, node) in edges {
      children[Int(key >> 8)].append((UInt8(truncatingIfNeeded: key), node))
    }
    var queue = children[0].map(\.node)
    var head = 0
    while head < queue.count {
      let node = queue[head]
      head += 1
      for (byte, child) in children[node] {
        let suffix = step(from: nodes[node].suffix, by: byte)
        nodes[child].suffix = suffix
        if nodes[child].pattern < 0 { nodes[child].pattern = nodes[suffix].pattern }
        queue.append(child)
      }
    }
  }

  private func step(from node: Int, by byte: UInt8) -> Int {
    var node = node
    while node != 0 {
      if let child = edges[Self.key(node, byte)] { return child }
      node = nodes[node].suffix
    }
    return rootEdges[Int(byte)]
  }

  /// The matches from left to right, none overlapping another: at each place the longest.
  func matches(in text: UnsafeRawBufferPointer) -> [Match] {
    guard nodes.count > 1 else { return [] }
    var starting: [Match] = []
    var node = 0
    for position in text.indices.reversed() {
      let byte = text[position]
      node = node == 0 ? rootEdges[Int(byte)] : step(from: node, by: byte)
      let pattern = nodes[node].pattern
      if pattern >= 0 {
        starting.append(Match(range: position..<position + lengths[pattern], pattern: pattern))
      }
    }
    var end = 0
    return starting.reversed().filter { match in
      guard match.range.lowerBound >= end else { return false }
      end = match.range.upperBound
      return true
    }
  }
}
