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
    var (text, bytes): ([UInt8], [UInt8]) = ([], [])
    for (rank, element) in elements.enumerated() {
      guard let space = Self.read(element, into: &text) else {
        throw field[rank].fault("should be \"left right\" or [\"left\", \"right\"]")
      }
      let (left, right) = (text[..<space], text[(space + 1)...])
      // Both tokens' bytes one after the other are the bytes of what they become.
      bytes.removeAll(keepingCapacity: true)
      let leftIsSpelled = ByteAlphabet.append(bytesOf: left, to: &bytes)
      let middle = bytes.count
      let isSpelled = ByteAlphabet.append(bytesOf: right, to: &bytes) && leftIsSpelled
      func id(_ spelling: @autoclosure () -> ArraySlice<UInt8>, _ place: Range<Int>) throws -> Int {
        let id =
          isSpelled
          ? bytes.withUnsafeBytes { vocabulary.id(ofBytes: .init(rebasing: $0[place])) }
          : vocabulary.id(ofSpelling: String(decoding: spelling(), as: UTF8.self))
        guard let id else {
          let text = TokenizerError.excerpt(String(decoding: spelling(), as: UTF8.self))
          throw field[rank].fault("the vocabulary has no token \(text)")
        }
        return id
      }
      let (first, second) = try (id(left, 0..<middle), id(right, middle..<bytes.count))
      // A pair that appears twice keeps its later rank, as it does in Hugging Face's reader.
      rules[Self.key(first, second)] = Merge(rank: rank, id: try id(left + right, 0..<bytes.count))
    }
  }

  /// Reads the two spellings of a merge as "left right", and says where the space is; nil where the
  /// element is something else.
  private static func read(_ element: JSON, into text: inout [UInt8]) -> Int? {
    text.removeAll(keepingCapacity: true)
    if let pair = element.string {
      text.append(contentsOf: pair.utf8)
    } else {
      guard let parts = element.array, parts.count == 2, let left = parts[0].string,
        let right = parts[1].string
      else { return nil }
      text.append(contentsOf: left.utf8)
      text.append(0x20)
      text.append(contentsOf: right.utf8)
      return left.utf8.count
    }
    guard let space = text.firstIndex(of: 0x20), !text[(space + 1)...].contains(0x20) else {
      return nil
    }
    return space
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
