/// The tokens of words met before: prose repeats its words, and merging is the slow part.
struct WordCache {
  /// Longer words hardly ever return.
  private static let longestWord = 64
  /// Bounds the cache to some ten megabytes.
  private static let mostWords = 1 << 17

  private var words = ByteStringTable(capacity: 1 << 10)
  private var ids: [Int] = []
  /// The tokens of word n are `ids[starts[n]..<starts[n + 1]]`.
  private var starts = [0]

  /// Appends the tokens of `word`, by `model` where it is new.
  @inline(__always)
  mutating func encode(
    _ word: UnsafeRawBufferPointer, with model: BytePairModel, into output: inout [Int], pace: Pace
  ) throws {
    if word.count > Self.longestWord {
      return try model.encode(word, into: &output, pace: pace)
    }
    if let index = words.index(of: word) {
      for place in starts[index]..<starts[index + 1] { output.append(ids[place]) }
      return
    }
    let before = output.count
    try model.encode(word, into: &output, pace: pace)
    guard words.count < Self.mostWords else { return }
    _ = words.insert(word)
    ids.append(contentsOf: output[before...])
    starts.append(ids.count)
  }
}
