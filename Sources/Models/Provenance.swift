/// Where the weights of a pruned model come from: every cut that led to it, the first one first.
public struct Provenance: Sendable, Equatable {
  /// The cuts; each one's teacher is what the cut before it left.
  public var cuts: [Cut]

  /// A history of cuts.
  public init(cuts: [Cut]) {
    self.cuts = cuts
  }

  /// Notes how many updates of training the weights saw after the last cut.
  package mutating func setUpdates(_ count: Int) {
    if !cuts.isEmpty { cuts[cuts.count - 1].updates = count }
  }

  /// One cut: the teacher's units that stay, enough to make the student again from the teacher.
  public struct Cut: Sendable, Equatable {
    /// The model that was cut.
    public let teacher: ModelIdentity
    /// The teacher's layers that stay, in rising order.
    public let layers: [Int]
    /// The teacher's channels that stay, in rising order.
    public let channels: [Int]
    /// For each layer that stays: the teacher's heads.
    public let heads: [[Int]]
    /// For each layer that stays: the teacher's neurons.
    public let neurons: [[Int]]
    /// For each layer that stays: the heads that got themselves less a pruned head added
    /// (arXiv 2407.14679, section 2.3); empty without the head residual.
    public let residuals: [[HeadResidualPair]]
    /// Updates of training that the student's weights saw after the cut.
    public var updates = 0

    package init(
      teacher: ModelIdentity, layers: [Int], channels: [Int], heads: [[Int]], neurons: [[Int]],
      residuals: [[HeadResidualPair]]
    ) {
      self.teacher = teacher
      self.layers = layers
      self.channels = channels
      self.heads = heads
      self.neurons = neurons
      self.residuals = residuals
    }
  }
}

/// A head that stays and the pruned one whose distance is added to it: kept + (kept − pruned).
public struct HeadResidualPair: Sendable, Equatable {
  /// The head that stays.
  public let kept: Int
  /// The head that goes.
  public let pruned: Int

  package init(kept: Int, pruned: Int) {
    self.kept = kept
    self.pruned = pruned
  }
}
