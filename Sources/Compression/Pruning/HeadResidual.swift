import Models

/// Adds what pruned heads leave to the heads that stay (arXiv 2407.14679, section 2.3): inside each
/// key-value group of L heads of which K stay, sorted by falling importance from 1,
/// head_i += head_i − head_{2K−i+1} for i in 2K−L+1 … K.
struct HeadResidual {
  /// For each layer: the heads to add to, and the pruned ones that are subtracted.
  let pairs: [[HeadResidualPair]]

  init(pairs: [[HeadResidualPair]]) {
    self.pairs = pairs
  }

  /// - Throws: `CompressionError` where more heads go than stay.
  init(_ selection: Selection, _ scores: Scores, in sizes: Architecture) throws {
    let groups = sizes.rankedGroups
    let all = sizes.heads / groups
    pairs = try (0..<sizes.layers).map { layer in
      guard selection.layers.contains(layer) else { return [] }
      let stays = Set(selection.heads[layer])
      let row = Array(scores.row(layer))
      return try (0..<groups).flatMap { group in
        let order = ranked(row[group * all..<(group + 1) * all]).map { group * all + $0 }
        let kept = order.filter(stays.contains)
        let pruned = order.filter { !stays.contains($0) }
        guard pruned.count <= kept.count else {
          throw CompressionError.invalid(
            "residual=True needs at least half of the heads to stay; \(kept.count) of \(all) a "
              + "group do")
        }
        // The last that stays takes the first that goes, and so outward.
        return zip(kept.reversed(), pruned).map { HeadResidualPair(kept: $0, pruned: $1) }
      }
    }
  }

  /// By the element of an axis of heads that gets another subtracted: that other element.
  func subtracted(on axis: WeightAxis, layer: Int, in sizes: Architecture) -> [Int: Int] {
    // Queries, keys and values of all heads lie one behind the other where they are fused.
    let parts = axis == .fusedHeads ? 3 : 1
    var subtracted: [Int: Int] = [:]
    for part in 0..<parts {
      func start(_ head: Int) -> Int { (part * sizes.heads + head) * sizes.headDim }
      for pair in pairs[layer] {
        for element in 0..<sizes.headDim {
          subtracted[start(pair.kept) + element] = start(pair.pruned) + element
        }
      }
    }
    return subtracted
  }
}
