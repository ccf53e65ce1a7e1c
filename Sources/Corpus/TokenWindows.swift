import Models

/// Windows of token ids, all of one length: what models are scored and trained on.
public struct TokenWindows: Sendable, Equatable {
  /// The ids, row after row.
  public let ids: [Int32]
  /// Ids of a window.
  public let length: Int
  /// For each id whether it is learnt as a target; nil where all are. Every window has one that is
  /// and is not its first.
  public let learnt: [Bool]?

  /// How many windows.
  public var count: Int { length == 0 ? 0 : ids.count / length }

  /// Windows of ids that fill them exactly.
  /// - Parameter learnt: for each id whether it is learnt as a target; nil for all.
  /// - Throws: `CorpusError` where they do not, an id is no positive 32-bit number, or a window has
  ///   no target that is learnt.
  public init(_ ids: [Int], length: Int, learnt: [Bool]? = nil) throws {
    guard length > 0, ids.count % length == 0, !ids.isEmpty else {
      throw CorpusError.invalid(
        "windows of \(length) ids cannot be made of \(ids.count) ids without a rest")
    }
    for id in ids where id < 0 || id > Int(Int32.max) {
      throw CorpusError.invalid("\(id) is no token id")
    }
    self.ids = ids.map { Int32($0) }
    self.length = length
    self.learnt = learnt
    guard let learnt else { return }
    guard learnt.count == ids.count else {
      throw CorpusError.invalid(
        "\(ids.count) ids need as many marks of what is learnt, not \(learnt.count)")
    }
    if let empty = (0..<count).first(where: { counted($0) == 0 }) {
      throw CorpusError.invalid("window \(empty) holds no token to learn after its first")
    }
  }

  private init(unchecked ids: [Int32], length: Int, learnt: [Bool]?) {
    self.ids = ids
    self.length = length
    self.learnt = learnt
  }

  /// The ids of one window.
  public subscript(window: Int) -> ArraySlice<Int32> {
    ids[window * length..<(window + 1) * length]
  }

  /// Some of the windows, in the order given.
  public func selecting(_ windows: some Sequence<Int>) -> TokenWindows {
    let windows = Array(windows)
    return TokenWindows(
      unchecked: windows.flatMap { self[$0] }, length: length,
      learnt: learnt.map { learnt in windows.flatMap { learnt[$0 * length..<($0 + 1) * length] } })
  }

  /// Some of the windows as ids of a model, [windows, length]; one copy to its device.
  /// - Throws: `ModelError.ids` for ids outside the model's vocabulary; what the device throws.
  package func batch(_ windows: [Int], for model: Model) throws -> TokenIDs {
    let values = windows.flatMap { self[$0].map { Int64($0) } }
    return try TokenIDs(values, time: length, for: model)
  }

  /// The first part of the windows and the rest, in order; `fraction` of them go to the first,
  /// rounded to nearest, at least one to each.
  /// - Throws: `CorpusError` for a fraction outside 0 to 1, or fewer than two windows.
  public func split(_ fraction: Double) throws -> (TokenWindows, TokenWindows) {
    guard fraction > 0, fraction < 1 else {
      throw CorpusError.invalid("split takes a fraction between 0 and 1, not \(fraction)")
    }
    guard count >= 2 else {
      throw CorpusError.invalid("split needs at least two windows; there is \(count)")
    }
    let first = min(max(Int((Double(count) * fraction + 0.5).rounded(.down)), 1), count - 1)
    return (selecting(0..<first), selecting(first..<count))
  }
}

/// What is wrong with a text or its windows.
public enum CorpusError: Error, Equatable, CustomStringConvertible {
  /// A whole sentence.
  case invalid(String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .invalid(let text): text
    }
  }
}
