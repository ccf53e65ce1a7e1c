import Models

/// How a smaller model is made of a larger one: which units stay and whose residual is added. It
/// names no weights' values, so it serves a model in memory and a checkpoint on disk alike.
struct Cut {
  /// The larger model's configuration.
  let source: Configuration
  /// The smaller model's configuration.
  let result: Configuration
  /// The units that stay.
  let selection: Selection
  /// What pruned heads leave to the heads that stay, nil where they leave nothing.
  let residual: HeadResidual?

  /// - Throws: `CompressionError` where layers or key-value groups would differ in their sizes.
  init(_ source: Configuration, to selection: Selection, _ residual: HeadResidual? = nil) throws {
    self.source = source
    self.selection = selection
    self.residual = residual
    result = source.resized(
      to: try selection.architecture(from: source.architecture), keepingLayers: selection.layers)
  }

  /// The smaller model's weights, in the order of its checkpoint.
  var weights: [CutWeight] {
    let sizes = source.architecture
    return result.weightShapes.map { shape in
      let layer = shape.layer.map { selection.layers[$0] }
      return CutWeight(
        name: shape.name, shape: shape.sizes(in: result.architecture),
        source: layer.map(shape.name(inLayer:)) ?? shape.name,
        axes: shape.axes.map { axis in
          CutAxis(
            kept: selection.indices(on: axis, layer: layer, in: sizes),
            subtracted: subtracted(on: axis, layer: layer))
        })
    }
  }

  /// The head residual changes what makes queries, and where a head has keys and values of its own,
  /// those too; never what reads the heads' outputs.
  private func subtracted(on axis: WeightAxis, layer: Int?) -> [Int: Int] {
    let sizes = source.architecture
    let isChanged = axis == .heads || axis == .fusedHeads || (axis == .kvHeads && sizes.isMultiHead)
    guard let residual, let layer, isChanged else { return [:] }
    return residual.subtracted(on: axis, layer: layer, in: sizes)
  }

  /// The record of this cut.
  func provenance(of teacher: ModelIdentity) -> Provenance.Cut {
    Provenance.Cut(
      teacher: teacher, layers: selection.layers, channels: selection.channels,
      heads: selection.layers.map { selection.heads[$0] },
      neurons: selection.layers.map { selection.neurons[$0] },
      residuals: residual.map { residual in selection.layers.map { residual.pairs[$0] } } ?? [])
  }

  /// The cut that a record tells of.
  /// - Throws: `CompressionError` where it names units that the model does not have.
  init(_ record: Provenance.Cut, of source: Configuration) throws {
    let sizes = source.architecture
    var selection = Selection(all: sizes)
    selection.layers = record.layers
    selection.channels = record.channels
    let units = [
      (record.layers, sizes.layers), (record.channels, sizes.hidden),
      (record.heads.flatMap { $0 }, sizes.heads), (record.neurons.flatMap { $0 }, sizes.ffn),
      (record.residuals.flatMap { $0 }.flatMap { [$0.kept, $0.pruned] }, sizes.heads),
    ]
    guard units.allSatisfy({ units, count in units.allSatisfy { (0..<count).contains($0) } }) else {
      throw CompressionError.invalid(
        "the provenance names units that the model does not have: it is of another teacher")
    }
    var pairs = Array(repeating: [HeadResidualPair](), count: sizes.layers)
    for (place, layer) in record.layers.enumerated() {
      selection.heads[layer] = record.heads[place]
      selection.neurons[layer] = record.neurons[place]
      if !record.residuals.isEmpty { pairs[layer] = record.residuals[place] }
    }
    try self.init(
      source, to: selection, record.residuals.isEmpty ? nil : HeadResidual(pairs: pairs))
  }
}

/// How one weight of a smaller model is made of one of the larger model's.
struct CutWeight {
  /// The name in the smaller model.
  let name: String
  /// The sizes in the smaller model.
  let shape: [Int]
  /// The name in the larger model.
  let source: String
  /// What happens on each axis, outermost first.
  let axes: [CutAxis]
}

/// What happens on one axis of a weight: element i of the result is the source's element kept[i],
/// and where another is subtracted from it, 2 · source[kept[i]] − source[subtracted[kept[i]]].
struct CutAxis {
  /// The source's places that stay, in order; nil for all.
  let kept: [Int]?
  /// By a place that stays: the place whose distance is added to it.
  let subtracted: [Int: Int]

  /// Whether the axis stays as it is.
  var isWhole: Bool { kept == nil && subtracted.isEmpty }
}

extension Selection {
  /// The elements of a weight's axis that stay; nil for all.
  func indices(on axis: WeightAxis, layer: Int?, in sizes: Architecture) -> [Int]? {
    func elements(_ heads: [Int]) -> [Int] {
      heads.flatMap { $0 * sizes.headDim..<($0 + 1) * sizes.headDim }
    }
    let kept: [Int]? =
      switch (axis, layer) {
      case (.hidden, _): channels
      case (.ffn, let layer?): neurons[layer]
      case (.heads, let layer?), (.headOutputs, let layer?): elements(heads[layer])
      case (.fusedHeads, let layer?):
        (0..<3).flatMap { part in
          elements(heads[layer]).map { part * sizes.heads * sizes.headDim + $0 }
        }
      case (.kvHeads, let layer?): sizes.isMultiHead ? elements(heads[layer]) : nil
      default: nil
      }
    return kept?.count == sizes.size(of: axis) ? nil : kept
  }
}
