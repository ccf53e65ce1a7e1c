import Kernels
import Models
import Tensors

/// A smaller model with the most important units of each axis, cut out of every weight they run
/// through (arXiv 2407.14679).
///
/// - Parameters:
///   - importance: the scores to rank by; needed for sizes, not for `drop`.
///   - depth: what chooses the block of layers that goes, in place of the scores.
///   - residual: adds what pruned heads leave to the heads that stay.
/// - Throws: `CompressionError` for sizes that are not possible; `KernelError.outOfMemory`.
public func prune(
  _ model: Model, _ request: PruningRequest, by importance: Importance? = nil,
  depth: DepthImportance? = nil, residual: Bool = false
) throws -> Model {
  if let importance { try requireScores(of: importance, for: model) }
  try depth?.require(measured: model)
  guard let mask = model.mask else {
    guard !request.isEmpty else {
      throw CompressionError.invalid(
        "prune needs a size: hidden=, ffn=, heads=, layers= or drop=, or a masked model")
    }
    return try model.cut(
      by: Cut(
        model.configuration, request, by: importance, depth: depth, residual: residual))
  }
  guard request.isEmpty else {
    throw CompressionError.invalid(
      "prune(masked) cuts what is masked and takes no sizes; add them to the mask")
  }
  let selection = Selection(unmaskedBy: mask, in: model.architecture)
  return try model.cut(
    by: Cut(model.configuration, to: selection, by: importance, residual: residual))
}

/// The model that a record of a cut tells of, made again from its teacher, bit for bit.
///
/// What was trained after the cut is not in the record.
/// - Throws: `CompressionError` where the model is not the record's teacher.
public func prune(_ model: Model, as record: Provenance.Cut) throws -> Model {
  try model.requireUnmasked(for: "prune by a provenance")
  let identity = try ModelIdentity(of: model)
  guard identity == record.teacher else {
    throw CompressionError.invalid(
      "the provenance is of a cut of \(record.teacher.name) (\(record.teacher.fingerprint)), not of "
        + "\(identity.name) (\(identity.fingerprint)): their weights differ")
  }
  return try model.cut(by: Cut(record, of: model.configuration))
}

extension Cut {
  /// The cut that a request asks for.
  init(
    _ configuration: Configuration, _ request: PruningRequest, by importance: Importance?,
    depth: DepthImportance?, residual: Bool
  ) throws {
    let selection = try request.selection(
      in: configuration.architecture, by: importance, depth: depth)
    try self.init(configuration, to: selection, by: importance, residual: residual)
  }

  /// A cut to some units, with the head residual where it is asked for.
  init(
    _ configuration: Configuration, to selection: Selection, by importance: Importance?,
    residual: Bool
  ) throws {
    guard residual else {
      try self.init(configuration, to: selection)
      return
    }
    guard let importance else {
      throw CompressionError.invalid("residual=True needs scores: give importance(model, tokens)")
    }
    let sizes = configuration.architecture
    try self.init(
      configuration, to: selection,
      HeadResidual(selection, importance.scores(.heads, for: sizes), in: sizes))
  }
}

extension Model {
  /// A new model of the units that stay.
  fileprivate func cut(by cut: Cut) throws -> Model {
    let pairs = try cut.weights.map { weight in
      guard let source = weights[weight.source] else {
        throw ModelError.weights("\(name) has no weight '\(weight.source)'")
      }
      let result = try weight.axes.enumerated().reduce(source) { tensor, axis in
        try tensor.cut(by: axis.element, on: axis.offset)
      }
      return (name: weight.name, tensor: result === source ? try source.copy() : result)
    }
    let student = Model(
      name: name + "-pruned", configuration: cut.result, weights: Weights(pairs), text: text,
      storedType: storedType, device: device)
    student.provenance = Provenance(
      cuts: (provenance?.cuts ?? []) + [cut.provenance(of: try ModelIdentity(of: self))])
    return student
  }
}

extension Tensor {
  /// What an axis of a cut makes of this tensor.
  fileprivate func cut(by axis: CutAxis, on place: Int) throws -> Tensor {
    if axis.isWhole { return self }
    if place > 0 { return try transposed().cut(by: axis, on: 0).transposed() }
    let kept = axis.kept ?? Array(0..<shape[0])
    let result = try rows(indices(kept))
    let changed = kept.enumerated().filter { axis.subtracted[$0.element] != nil }
    if changed.isEmpty { return result }
    let own = try rows(indices(changed.map(\.element)))
    let others = try rows(indices(changed.compactMap { axis.subtracted[$0.element] }))
    let sums = try own.plus(own).minus(others)
    for (row, place) in changed.map(\.offset).enumerated() {
      try result.setItem([.at(place)], to: sums.indexed([.at(row)]))
    }
    return result
  }

  private func indices(_ places: [Int]) throws -> Tensor {
    try Tensor(places.map(Int64.init), shape: [places.count], on: device)
  }
}
