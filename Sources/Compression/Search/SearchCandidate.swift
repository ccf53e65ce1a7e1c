/// One shape of a search and what was measured of it.
public struct SearchCandidate: Sendable, Equatable {
  /// The shape.
  public let sizes: CandidateSizes
  /// Its language-modelling loss as it was cut, in nats a token; nil before it is measured.
  public internal(set) var loss: Double?
  /// Its losses while it is distilled, with the number of updates before each; empty where it is
  /// not.
  public internal(set) var curve: [CurvePoint] = []

  /// A loss after some updates.
  public struct CurvePoint: Sendable, Equatable {
    /// Updates made.
    public let step: Int
    /// The language-modelling loss, in nats a token.
    public let loss: Double
  }

  init(_ sizes: CandidateSizes) {
    self.sizes = sizes
  }

  /// The loss after the last update, nil where it was not distilled.
  public var distilledLoss: Double? { curve.last?.loss }

  /// The shape in a few words, `24x9x1024x576`: layers, heads, ffn, hidden.
  public var name: String { "\(sizes.layers)x\(sizes.heads)x\(sizes.ffn)x\(sizes.hidden)" }
}

extension [SearchCandidate] {
  /// The candidates that were measured, the best first: those that were distilled by their last
  /// loss, then the others by the loss of the cut. Ties stay in the grid's order.
  public var ranked: [SearchCandidate] {
    func order(_ candidates: [SearchCandidate], _ loss: (SearchCandidate) -> Double?)
      -> [SearchCandidate]
    {
      candidates.enumerated()
        .sorted { a, b in
          let (x, y) = (loss(a.element) ?? .infinity, loss(b.element) ?? .infinity)
          return x < y || (x == y && a.offset < b.offset)
        }
        .map(\.element)
    }
    return order(filter { $0.distilledLoss != nil }) { $0.distilledLoss }
      + order(filter { $0.distilledLoss == nil && $0.loss != nil }) { $0.loss }
  }

  /// For each distilled candidate its rank among them, from 1, after each of the measured numbers
  /// of updates: how the order changes as training goes on.
  public var ranks: (steps: [Int], rows: [(candidate: SearchCandidate, ranks: [Int])]) {
    let distilled = ranked.filter { !$0.curve.isEmpty }
    let steps = distilled.first?.curve.map(\.step) ?? []
    let rows = distilled.map { candidate in
      let ranks = candidate.curve.indices.map { place in
        1 + distilled.count { $0.curve[place].loss < candidate.curve[place].loss }
      }
      return (candidate: candidate, ranks: ranks)
    }
    return (steps, rows)
  }
}
