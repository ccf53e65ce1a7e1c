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
  private let heads: Int

  /// - Throws: `CompressionError` where more heads go than stay.
  init(_ selection: Selection, _ scores: Scores, in sizes: Architecture) throws {
    headDim = sizes.headDim
    heads = sizes.heads
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

  /// For each head that changes, the elements of its axis that change, and those that are subtracted.
  func changes(
    on axis: WeightAxis, layer: Int
  ) -> [(kept: Range<Int>, pruned: Range<Int>)] {
    // Queries, keys and values of all heads lie one behind the other where they are fused.
    (0..<(axis == .fusedHeads ? 3 : 1)).flatMap { part in
      func elements(_ head: Int) -> Range<Int> {
        let start = (part * heads + head) * headDim
        return start..<start + headDim
      }
      return pairs[layer].map { (kept: elements($0.kept), pruned: elements($0.pruned)) }
    }
  }

  /// A weight or bias whose axis `place` runs over heads, with the residuals added.
  func apply(
    to weight: Tensor, onAxis place: Int, runningOver axis: WeightAxis, layer: Int
  ) throws -> Tensor {
    let result = try weight.copy()
    let whole = Array(repeating: AxisIndex.slice(start: nil, end: nil, step: nil), count: place)
    func part(_ elements: Range<Int>) -> [AxisIndex] {
      whole + [.slice(start: elements.lowerBound, end: elements.upperBound, step: nil)]
    }
    for (kept, pruned) in changes(on: axis, layer: layer) {
      let own = try weight.indexed(part(kept))
      let sum = try own.plus(own).minus(weight.indexed(part(pruned)))
      try result.setItem(part(kept), to: sum)
    }
    return result
  }
}
