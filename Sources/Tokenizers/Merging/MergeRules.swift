import JSONFormat

/// What two neighbouring tokens become, and how early.
struct Merge {
  let rank: Int
  let id: Int
}

/// The merges of a byte-pair model, by the two ids that they join.
struct MergeRules {
  private var rules: [UInt64: Merge]

  /// Reads `model.merges`, whose elements are `"a b"` or `["a", "b"]`.
  /// - Throws: `TokenizerError.invalid` where a merge names or makes a token that is not there.
  init(_ field: Field, vocabulary: Vocabulary) throws {
    let elements = try field.array()
    rules = Dictionary(minimumCapacity: elements.count)
    for (rank, element) in elements.enumerated() {
      guard let (left, right) = Self.pair(element) else {
        throw field[rank].fault("should be \"left right\" or [\"left\", \"right\"]")
      }
      func id(_ spelling: String) throws -> Int {
        guard let id = vocabulary.id(ofSpelling: spelling) else {
          throw field[rank].fault("the vocabulary has no token \(TokenizerError.excerpt(spelling))")
        }
        return id
      }
      // A pair that appears twice keeps its later rank, as it does in Hugging Face's reader.
      rules[Self.key(try id(left), try id(right))] = Merge(rank: rank, id: try id(left + right))
    }
  }

  private static func pair(_ element: JSON) -> (String, String)? {
    if let text = element.string {
      let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
      if parts.count == 2, let left = String(parts[0]), let right = String(parts[1]) {
        return (left, right)
      }
    } else if let parts = element.array, parts.count == 2, let left = parts[0].string,
      let right = parts[1].string
    {
      return (left, right)
    }
    return nil
  }

  @inline(__always)
  func merge(_ left: Int, _ right: Int) -> Merge? {
    rules[Self.key(left, right)]
  }

  @inline(__always)
  private static func key(_ left: Int, _ right: Int) -> UInt64 {
    UInt64(UInt32(truncatingIfNeeded: left)) << 32 | UInt64(UInt32(truncatingIfNeeded: right))
  }
}
