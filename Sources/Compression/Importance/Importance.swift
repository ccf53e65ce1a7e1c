import Corpus
import Models

/// Activation-based importance of every head, neuron, channel and layer of a model, from one
/// forward pass over calibration windows (arXiv 2407.14679, section 2.2). Any aggregation can be
/// asked for with no further pass.
public struct Importance: Sendable {
  /// The model's name.
  public let modelName: String
  /// The scored model's `config.json`.
  public let configuration: Configuration
  /// What tells the scored weights from others; nil in scores of a file that does not say it, which
  /// are taken for any model of their sizes.
  public let identity: ModelIdentity?
  /// The weights that were scored in this session.
  let scored: ScoredWeights
  /// What tells the windows that were scored from others.
  public let tokens: TokensIdentity
  /// The type of matrix products' operands while they were scored.
  public let precision: String
  /// Windows of each group.
  let groupSizes: [Int]
  let headSums: WindowSums
  let preSums: WindowSums
  let postSums: WindowSums
  /// Two norms a layer: before attention and before the MLP.
  let channelSums: WindowSums
  /// Σ of 1 − cosine between each layer's input and output over all positions, [groups][layers]:
  /// kept as the small number that it is, so that f32 holds it as exactly as it was measured.
  let distanceSums: [[Float]]

  /// How many windows were scored.
  public var windows: Int { tokens.windows }
  /// Ids of a window.
  public var length: Int { tokens.length }

  /// The scored model's sizes.
  public var architecture: Architecture { configuration.architecture }

  /// The groups that the windows are kept in, at most.
  static let maximumGroups = 32

  /// The scores of an axis: heads [layers, heads], neurons [layers, ffn], channels [hidden], layers
  /// [layers].
  ///
  /// - Parameters:
  ///   - batch: the aggregation over windows.
  ///   - sequence: the aggregation over a window's positions.
  ///   - neurons: which value of a neuron.
  public func scores(
    _ axis: ImportanceAxis, batch: Aggregation = .l2, sequence: Aggregation = .mean,
    neurons: NeuronValue = .post
  ) -> Scores {
    scores(
      axis, batch: batch, sequence: sequence, neurons: neurons, groups: Array(groupSizes.indices))
  }

  func scores(
    _ axis: ImportanceAxis, batch: Aggregation, sequence: Aggregation, neurons: NeuronValue,
    groups: [Int]
  ) -> Scores {
    func values(_ sums: WindowSums) -> [Double] {
      sums.scores(batch: batch, sequence: sequence, groups: groups, sizes: groupSizes)
    }
    let layers = architecture.layers
    switch axis {
    case .heads: return Scores(values(headSums), shape: [layers, architecture.heads])
    case .neurons:
      let sums = neurons == .post ? postSums : preSums
      return Scores(values(sums), shape: [layers, architecture.ffn])
    case .channels:
      let perNorm = values(channelSums)
      let hidden = architecture.hidden
      let total = (0..<hidden).map { channel in
        stride(from: channel, to: perNorm.count, by: hidden).reduce(0) { $0 + perNorm[$1] }
      }
      return Scores(total, shape: [hidden])
    case .layers:
      let positions = Double(groups.reduce(0) { $0 + groupSizes[$1] } * length)
      let influence = (0..<layers).map { layer in
        groups.reduce(0) { $0 + Double(distanceSums[$1][layer]) } / positions
      }
      return Scores(influence, shape: [layers])
    }
  }
}
