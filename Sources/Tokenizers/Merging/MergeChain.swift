/// The merging of one long word: its symbols as a linked list, the possible merges in a heap.
///
/// n symbols need O(n log n): each merge removes a symbol and adds at most two candidates.
struct MergeChain {
  private struct Candidate {
    let rank: Int
    let position: Int
    let id: Int

    /// The lowest rank comes first, the leftmost among equals.
    static func < (left: Candidate, right: Candidate) -> Bool {
      (left.rank, left.position) < (right.rank, right.position)
    }
  }

  /// The symbol at each position, -1 once it is merged into its left neighbour.
  private var ids: [Int]
  private var next: [Int]
  private var previous: [Int]
  private var heap: [Candidate] = []
  private let merges: MergeRules

  init(_ symbols: ArraySlice<Int>, merges: MergeRules) {
    ids = Array(symbols)
    next = ids.indices.map { $0 + 1 }
    previous = ids.indices.map { $0 - 1 }
    self.merges = merges
    heap.reserveCapacity(ids.count)
    for position in ids.indices { push(at: position) }
  }

  /// What is left, in order.
  var symbols: [Int] { ids.filter { $0 >= 0 } }

  mutating func mergeAll(pace: Pace) throws {
    while let candidate = pop() {
      try pace.tick()
      let left = candidate.position
      guard ids[left] >= 0, next[left] < ids.count else { continue }
      let right = next[left]
      // A candidate is stale once one of its two symbols has merged with another neighbour.
      guard let merge = merges.merge(ids[left], ids[right]), merge.id == candidate.id else {
        continue
      }
      ids[left] = merge.id
      ids[right] = -1
      next[left] = next[right]
      if next[left] < ids.count { previous[next[left]] = left }
      push(at: left)
      if previous[left] >= 0 { push(at: previous[left]) }
    }
  }

  /// Adds the merge of the symbol at `position` with its right neighbour, if there is one.
  private mutating func push(at position: Int) {
    guard next[position] < ids.count,
      let merge = merges.merge(ids[position], ids[next[position]])
    else { return }
    heap.append(Candidate(rank: merge.rank, position: position, id: merge.id))
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() -> Candidate? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child] < heap[smallest] {
        smallest = child
      }
      if smallest == parent { return top }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
