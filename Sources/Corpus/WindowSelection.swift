import Tensors

/// Which windows of a text to take: cut to length with the tail dropped, then shuffled, then
/// skipped, then counted.
public struct WindowSelection: Sendable {
  /// Ids of a window.
  public var length = 256
  /// How many windows to take, nil for all that are left.
  public var samples: Int?
  /// Windows to leave out first.
  public var skip = 0
  /// The seed by which to shuffle, nil for the text's order.
  public var shuffleSeed: Int?

  /// A selection.
  public init(length: Int = 256, samples: Int? = nil, skip: Int = 0, shuffleSeed: Int? = nil) {
    self.length = length
    self.samples = samples
    self.skip = skip
    self.shuffleSeed = shuffleSeed
  }

  /// The chosen windows of a stream of ids.
  /// - Throws: `CorpusError` where the ids give too few.
  public func windows(of ids: [Int]) throws -> TokenWindows {
    try selecting(from: cut(ids))
  }

  /// All windows of a stream of ids, the tail dropped.
  func cut(_ ids: [Int]) throws -> TokenWindows {
    try check()
    let count = ids.count / length
    guard count > 0 else {
      throw CorpusError.invalid(
        ids.isEmpty
          ? "the text is empty: there is no window to take"
          : "the text has \(ids.count) tokens, too few for one window of \(length); give a smaller "
            + "length")
    }
    return try TokenWindows(Array(ids.prefix(count * length)), length: length)
  }

  /// The chosen ones of windows that are cut already.
  /// - Throws: `CorpusError` where there are too few.
  public func selecting(from windows: TokenWindows) throws -> TokenWindows {
    try check()
    var order = Array(0..<windows.count)
    if let shuffleSeed {
      var generator = RandomGenerator(seed: shuffleSeed)
      order = generator.permutation(windows.count)
    }
    let rest = order.dropFirst(skip)
    guard !rest.isEmpty, rest.count >= samples ?? 1 else {
      throw CorpusError.invalid(
        "there are \(windows.count) windows of \(windows.length) tokens; skip \(skip) leaves \(rest.count), but "
          + "\(samples ?? 1) are asked for")
    }
    return windows.selecting(rest.prefix(samples ?? rest.count))
  }

  private func check() throws {
    guard length > 0, skip >= 0, samples.map({ $0 > 0 }) ?? true else {
      throw CorpusError.invalid(
        "length and samples must be at least 1 and skip at least 0; they are \(length), "
          + "\(samples.map(String.init) ?? "None") and \(skip)")
    }
  }
}
