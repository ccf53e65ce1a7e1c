import JSONFormat

/// The tokens of a byte-level model and their ids, 0 to `count` - 1.
struct Vocabulary {
  /// The bytes of each token, by id: what its spelling stands for, or the spelling's own UTF-8
  /// where a character of it spells no byte.
  private(set) var tokens: [[UInt8]]
  /// The tokens that are spelled in the byte alphabet; only these can come out of merges.
  private var spelled: ByteStringTable
  private var spelledIDs: [Int] = []
  /// The rest, by their UTF-8: special tokens with a space or a letter from outside the alphabet.
  private var literal: ByteStringTable
  private var literalIDs: [Int] = []
  /// The id of each single byte, -1 where the vocabulary lacks it.
  private(set) var byteIDs = [Int](repeating: -1, count: 256)

  var count: Int { tokens.count }

  /// Reads `model.vocab`, an object of ids by spelling.
  /// - Throws: `TokenizerError.invalid` unless the ids are 0 to count - 1, each once.
  init(_ field: Field) throws {
    let members = try field.object().members
    guard !members.isEmpty else { throw field.fault("holds no token") }
    var placed = [Bool](repeating: false, count: members.count)
    tokens = [[UInt8]](repeating: [], count: members.count)
    spelled = ByteStringTable(capacity: members.count)
    literal = ByteStringTable()
    for (spelling, value) in members {
      guard let id = value.int, id >= 0, id < members.count else {
        throw field.fault(
          "the id of \(TokenizerError.excerpt(spelling)) should be an integer from 0 to "
            + "\(members.count - 1), since there are \(members.count) tokens")
      }
      if placed[id] {
        throw field.fault("\(TokenizerError.excerpt(spelling)) has the id \(id) of another token")
      }
      placed[id] = true
      insert(spelling, id: id)
    }
  }

  private mutating func insert(_ spelling: String, id: Int) {
    // The table keeps the first of two equal strings; a JSON object has no two equal keys.
    if let bytes = ByteAlphabet.bytes(ofSpelling: spelling) {
      tokens[id] = bytes
      if bytes.withUnsafeBytes({ spelled.insert($0).isNew }) { spelledIDs.append(id) }
      if bytes.count == 1 { byteIDs[Int(bytes[0])] = id }
    } else {
      tokens[id] = Array(spelling.utf8)
      if tokens[id].withUnsafeBytes({ literal.insert($0).isNew }) { literalIDs.append(id) }
    }
  }

  /// The token that merging would make of these bytes.
  @inline(__always)
  func id(ofBytes bytes: UnsafeRawBufferPointer) -> Int? {
    spelled.index(of: bytes).map { spelledIDs[$0] }
  }

  /// The token with this spelling, as `model.vocab` writes it.
  func id(ofSpelling spelling: String) -> Int? {
    if let bytes = ByteAlphabet.bytes(ofSpelling: spelling) {
      return bytes.withUnsafeBytes { id(ofBytes: $0) }
    }
    return Array(spelling.utf8).withUnsafeBytes { literal.index(of: $0).map { literalIDs[$0] } }
  }
}
