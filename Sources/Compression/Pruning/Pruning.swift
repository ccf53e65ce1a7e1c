import Kernels
import Models
import Tensors

/// A smaller model with the most important units of each axis, cut out of every weight they run
/// through (arXiv 2407.14679).
///
/// - Parameters:
///   - importance: the scores to rank by; needed for sizes, not for `drop`.
///   - residual: adds what pruned heads leave to the heads that stay.
/// - Throws: `CompressionError` for sizes that are not possible; `KernelError.outOfMemory`.
public func prune(
  _ model: Model, _ request: PruningRequest, by importance: Importance? = nil,
  residual: Bool = false
) throws -> Model {
  let sizes = model.architecture
  let selection: Selection
  if let mask = model.mask {
    guard request.isEmpty else {
      throw CompressionError.invalid(
        "prune(masked) cuts what is masked and takes no sizes; add them to the mask")
    }
    selection = Selection(unmaskedBy: mask, in: sizes)
  } else {
    guard !request.isEmpty else {
      throw CompressionError.invalid(
        "prune needs a size: hidden=, ffn=, heads=, layers= or drop=, or a masked model")
    }
    selection = try request.selection(in: sizes, by: importance)
  }
  let headResidual = try importance.flatMap { importance in
    residual
      ? try HeadResidual(selection, importance.scores(.heads, for: sizes), in: sizes) : nil
  }
  if residual, headResidual == nil {
    throw CompressionError.invalid("residual=True needs scores: give importance(model, tokens)")
  }
  return try model.cut(to: selection, headResidual)
}

extension Model {
  /// A new model of the units that stay.
  fileprivate func cut(to selection: Selection, _ residual: HeadResidual?) throws -> Model {
    let sizes = architecture
    let smaller = configuration.resized(
      to: try selection.architecture(from: sizes), keepingLayers: selection.layers)
    let pairs = try smaller.weightShapes.map { shape in
      let sourceLayer = shape.layer.map { selection.layers[$0] }
      let sourceName = sourceLayer.map(shape.name(inLayer:)) ?? shape.name
      guard var weight = weights[sourceName] else {
        throw ModelError.weights("\(name) has no weight '\(sourceName)'")
      }
      if let residual, let sourceLayer, let place = shape.residualAxis(in: sizes) {
        weight = try residual.apply(
          to: weight, onAxis: place, runningOver: shape.axes[place], layer: sourceLayer)
      }
      for (place, axis) in shape.axes.enumerated() {
        let kept = selection.indices(on: axis, layer: sourceLayer, in: sizes)
        weight = try weight.keeping(kept, onAxis: place)
      }
      return (name: shape.name, tensor: weight === weights[sourceName] ? try weight.copy() : weight)
    }
    return Model(
      name: name + "-pruned", configuration: smaller, weights: Weights(pairs), text: text,
      storedType: storedType, device: device)
  }
}

extension Selection {
  /// The elements of a weight's axis that stay; nil for all.
  fileprivate func indices(on axis: WeightAxis, layer: Int?, in sizes: Architecture) -> [Int]? {
    func elements(_ heads: [Int]) -> [Int] {
      heads.flatMap { $0 * sizes.headDim..<($0 + 1) * sizes.headDim }
    }
    switch (axis, layer) {
    case (.hidden, _): return channels
    case (.ffn, let layer?): return neurons[layer]
    case (.heads, let layer?), (.headOutputs, let layer?): return elements(heads[layer])
    case (.fusedHeads, let layer?):
      let third = elements(heads[layer])
      return (0..<3).flatMap { part in third.map { part * sizes.heads * sizes.headDim + $0 } }
    case (.kvHeads, let layer?): return sizes.isMultiHead ? elements(heads[layer]) : nil
    default: return nil
    }
  }
}

extension WeightShape {
  /// The axis on which the head residual changes this weight: that of what makes queries, and where a
  /// head has keys and values of its own, of those too. nil for other weights.
  fileprivate func residualAxis(in sizes: Architecture) -> Int? {
    axes.firstIndex {
      $0 == .heads || $0 == .fusedHeads || ($0 == .kvHeads && sizes.isMultiHead)
    }
  }
}

extension Tensor {
  /// The elements of some places on an axis; this tensor where nil or all.
  fileprivate func keeping(_ places: [Int]?, onAxis axis: Int) throws -> Tensor {
    guard let places, places.count < shape[axis] else { return self }
    let indices = try Tensor(places.map(Int64.init), shape: [places.count], on: device)
    if axis == 0 { return try rows(indices) }
    return try transposed().rows(indices).transposed()
  }
}
