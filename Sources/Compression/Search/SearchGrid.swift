import Kernels
import Models

/// The sizes that an architecture search tries on each axis; nil for the default of that axis.
public struct SearchGrid: Sendable, Equatable {
  /// Layers that stay.
  public var layers: [Size]?
  /// Heads of a layer.
  public var heads: [Size]?
  /// Neurons of a layer.
  public var ffn: [Size]?
  /// Channels of the residual stream.
  public var hidden: [Size]?

  /// A grid; what is left out takes the default.
  public init(
    layers: [Size]? = nil, heads: [Size]? = nil, ffn: [Size]? = nil, hidden: [Size]? = nil
  ) {
    self.layers = layers
    self.heads = heads
    self.ffn = ffn
    self.hidden = hidden
  }

  /// The fractions of the teacher's size that an axis tries by default.
  static let fractions = [0.5, 0.625, 0.75, 0.875, 1]

  /// The most shapes of a grid.
  static let mostShapes = 100_000

  /// Every combination whose parameters are within `tolerance` of the target, in the order of
  /// layers, heads, ffn, hidden; without those that a checkpoint cannot hold where it holds the
  /// teacher.
  /// - Throws: `CompressionError` for sizes that are not possible, or where no combination is in
  ///   reach.
  func candidates(
    of teacher: Configuration, near target: Int, tolerance: Double
  ) throws -> [CandidateSizes] {
    let sizes = teacher.architecture
    let layers = try counts(layers, of: sizes.layers, multiple: 1) {
      try $0.resolved(of: sizes.layers, name: "layers")
    }
    let heads = try counts(heads, of: sizes.heads, multiple: sizes.rankedGroups) {
      try $0.resolvedHeads(of: sizes.heads, groups: sizes.rankedGroups)
    }
    let ffn = try counts(ffn, of: sizes.ffn, multiple: 32) {
      try $0.resolved(of: sizes.ffn, name: "ffn")
    }
    let hidden = try counts(hidden, of: sizes.hidden, multiple: 32) {
      try $0.resolved(of: sizes.hidden, name: "hidden")
    }
    let shapes = [layers, heads, ffn, hidden].reduce(1) { $0 * $1.count }
    guard shapes <= Self.mostShapes else {
      throw CompressionError.invalid(
        "the grid has \(shapes) shapes; give at most \(Self.mostShapes)")
    }
    var all: [CandidateSizes] = []
    for layers in layers {
      try Interrupt.check()
      for heads in heads {
        for ffn in ffn {
          for hidden in hidden {
            all.append(
              try CandidateSizes(
                layers: layers, heads: heads, ffn: ffn, hidden: hidden, of: teacher))
          }
        }
      }
    }
    if teacher.obstacleToSaving == nil { all.removeAll { $0.obstacleToSaving != nil } }
    let near = all.filter { abs(Double($0.parameters - target)) <= tolerance * Double(target) }
    guard !near.isEmpty else { throw nothingInReach(all, target, tolerance) }
    return near
  }

  /// The counts that an axis tries, rising, each once.
  private func counts(
    _ given: [Size]?, of total: Int, multiple: Int, _ resolve: (Size) throws -> Int
  ) throws -> [Int] {
    if let given { return Set(try given.map(resolve)).sorted() }
    let counts = Self.fractions.map { fraction in
      if fraction == 1 { return total }
      let nearest = Int((fraction * Double(total) / Double(multiple) + 0.5).rounded(.down))
      return min(total, max(1, nearest) * multiple)
    }
    return Set(counts).sorted()
  }

  private func nothingInReach(
    _ all: [CandidateSizes], _ target: Int, _ tolerance: Double
  ) -> CompressionError {
    guard let nearest = all.min(by: { abs($0.parameters - target) < abs($1.parameters - target) })
    else {
      return .invalid(
        "the grid has no shape that can be saved: every axis needs a size, and those of a gpt2 go "
          + "with one another (hidden is heads · head_dim)")
    }
    let (low, high) = (all.map(\.parameters).min() ?? 0, all.map(\.parameters).max() ?? 0)
    return .invalid(
      "none of the grid's \(all.count) shapes is within \(tolerance) of \(target) parameters: they "
        + "have \(low) to \(high), the nearest \(nearest.parameters); change parameters=, tolerance= "
        + "or grid=")
  }
}

/// One shape of a search.
public struct CandidateSizes: Sendable, Equatable {
  /// Layers.
  public let layers: Int
  /// Heads of a layer.
  public let heads: Int
  /// Neurons of a layer.
  public let ffn: Int
  /// Channels of the residual stream.
  public let hidden: Int
  /// All parameters.
  public let parameters: Int
  /// What to prune for it.
  public let request: PruningRequest
  /// Why a checkpoint cannot hold it, nil where it can.
  let obstacleToSaving: String?

  init(layers: Int, heads: Int, ffn: Int, hidden: Int, of teacher: Configuration) throws {
    self.layers = layers
    self.heads = heads
    self.ffn = ffn
    self.hidden = hidden
    request = PruningRequest(
      hidden: .count(hidden), ffn: .count(ffn), heads: .count(heads), layers: .count(layers))
    let student = try Plan(teacher, request).after
    parameters = student.parameters
    obstacleToSaving = student.obstacleToSaving
  }
}
