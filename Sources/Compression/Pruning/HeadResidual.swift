import Kernels
import Models
import Tensors

/// Adds what pruned heads leave to the heads that stay (arXiv 2407.14679, section 2.3): inside each
/// key-value group of L heads of which K stay, sorted by falling importance from 1,
/// head_i += head_i − head_{2K−i+1} for i in 2K−L+1 … K.
struct HeadResidual {
  /// For each layer: the head to add to, and the pruned one that is subtracted.
  private let pairs: [[(kept: Int, pruned: Int)]]
  private let headDim: Int

  /// - Throws: `CompressionError` where more heads go than stay.
  init(_ selection: Selection, _ scores: Scores, in sizes: Architecture) throws {
    headDim = sizes.headDim
    let groups = sizes.isMultiHead ? 1 : sizes.kvHeads
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
        return zip(kept.reversed(), pruned).map { (kept: $0, pruned: $1) }
      }
    }
  }

  /// A projection [heads · headDim, hidden] with the residuals added.
  func apply(to projection: Tensor, layer: Int) throws -> Tensor {
    let result = try projection.copy()
    func rows(_ head: Int) -> [AxisIndex] {
      [.slice(start: head * headDim, end: (head + 1) * headDim, step: nil)]
    }
    for (kept, pruned) in pairs[layer] {
      let own = try projection.indexed(rows(kept))
      let sum = try own.plus(own).minus(projection.indexed(rows(pruned)))
      try result.setItem(rows(kept), to: sum)
    }
    return result
  }
}
