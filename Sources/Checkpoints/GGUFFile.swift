import Files

/// A GGUF file of version 2 or 3, mapped: metadata, then the tensors' names and places, then their
/// bytes from an aligned start.
///
/// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
public struct GGUFFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// The metadata in the file's order.
  public let metadata: [(key: String, value: GGUFValue)]
  /// The tensors in the file's order, their sizes in PyTorch's.
  public let tensors: [StoredTensor]
  private let keys: TensorIndex
  private let index: TensorIndex

  /// Opens and checks a file; no tensor's bytes are touched.
  /// - Throws: `FileError` where it cannot be opened; `CheckpointError` where it is damaged, of
  ///   another version, or holds a type that is not read.
  public init(path: String) throws {
    self.path = path
    var header = GGUFHeader(reader: ByteReader(file: try MappedFile(path: path)))
    try header.read()
    metadata = header.metadata
    keys = header.keys
    tensors = header.tensors
    index = header.index
  }

  /// The metadata value of a key, compared by bytes.
  public subscript(key: String) -> GGUFValue? {
    keys[key].map { metadata[$0].value }
  }

  /// The tensor of a name, compared by bytes.
  public func tensor(named name: String) -> StoredTensor? {
    index[name].map { tensors[$0] }
  }
}

/// The reader of everything before the tensors' bytes.
private struct GGUFHeader {
  var reader: ByteReader
  var metadata: [(key: String, value: GGUFValue)] = []
  var keys = TensorIndex()
  var tensors: [StoredTensor] = []
  var index = TensorIndex()

  // Far above any model, and low enough that the lists stay small beside 256 MB.
  private static let maximumKeys = 1 << 16
  private static let maximumTensors = 1 << 18
  private static let maximumAlignment = 1 << 20

  init(reader: ByteReader) { self.reader = reader }

  mutating func read() throws {
    try readMagicAndVersion()
    // A tensor's entry: name length, one dimension, type, offset. A key's: length, type, value.
    let tensorCount = try readCount(ofSize: 32, "the tensor count", Self.maximumTensors)
    let keyCount = try readCount(ofSize: 13, "the key count", Self.maximumKeys)
    for _ in 0..<keyCount { try readKey() }
    let alignment = try readAlignment()
    var entries: [Entry] = []
    entries.reserveCapacity(tensorCount)
    for _ in 0..<tensorCount { entries.append(try readEntry(alignment: alignment)) }
    let dataStart = (reader.position + alignment - 1) / alignment * alignment
    try place(entries, dataStart: dataStart)
  }

  private mutating func readMagicAndVersion() throws {
    let start = reader
    guard reader.remaining >= 4, try reader.read(UInt32.self, "the magic") == 0x4655_4747 else {
      throw start.fault("is not a GGUF file: it does not start with \"GGUF\"")
    }
    let version = try reader.read(UInt32.self, "the version")
    if (1...3).contains(version.byteSwapped) {
      throw reader.fault("is a GGUF file for big-endian machines, which is not read")
    }
    guard version == 2 || version == 3 else {
      throw reader.fault("is a GGUF file of version \(version); 2 and 3 are read")
    }
  }

  private mutating func readCount(ofSize size: Int, _ what: String, _ limit: Int) throws -> Int {
    let count = try reader.readCount(ofSize: size, what)
    if count > limit { throw reader.fault("\(what) is \(count), at most \(limit) are read") }
    return count
  }

  private mutating func readKey() throws {
    let key = try reader.readName("a metadata key")
    guard keys.insert(key, at: metadata.count) else {
      throw reader.fault("the key appears twice", in: key)
    }
    let type = try GGUFValueType(key: key, reader: &reader)
    metadata.append((key, try GGUFValue(type, key: key, reader: &reader)))
  }

  private func readAlignment() throws -> Int {
    let key = "general.alignment"
    guard let position = keys[key] else { return 32 }
    guard case .u32(let value) = metadata[position].value else {
      throw reader.fault("is not a u32", in: key)
    }
    guard value >= 8, value <= Self.maximumAlignment, value.nonzeroBitCount == 1 else {
      throw reader.fault(
        "is \(value), not a power of two from 8 to \(Self.maximumAlignment)", in: key)
    }
    return Int(value)
  }

  /// What the file says of a tensor.
  private struct Entry {
    let name: String
    let type: StoredType
    let shape: [Int]
    let offset: UInt64
    let byteCount: Int
  }

  private mutating func readEntry(alignment: Int) throws -> Entry {
    let name = try reader.readName("a tensor's name")
    guard index.insert(name, at: index.count) else {
      throw reader.fault("the name appears twice", in: name)
    }
    let shape = try readShape(of: name)
    let number = try reader.read(UInt32.self, "the type of \(name)")
    guard let type = GGUFTensorType.stored(number) else {
      throw reader.fault(
        "is stored as \(GGUFTensorType.name(number)), which is not read yet;"
          + " \(GGUFTensorType.readable) are", in: name)
    }
    if let row = shape.last, row % type.blockSize != 0 {
      throw reader.fault(
        "its rows of \(row) are no whole number of \(GGUFTensorType.name(number)) blocks of"
          + " \(type.blockSize)", in: name)
    }
    guard let byteCount = type.byteCount(shape: shape) else {
      throw reader.fault("shape \(shape) needs more bytes than 2^63", in: name)
    }
    let offset = try reader.read(UInt64.self, "the offset of \(name)")
    guard offset % UInt64(alignment) == 0 else {
      throw reader.fault("its offset \(offset) is no multiple of \(alignment)", in: name)
    }
    return Entry(name: name, type: type, shape: shape, offset: offset, byteCount: byteCount)
  }

  /// The sizes, turned into PyTorch's order.
  private mutating func readShape(of name: String) throws -> [Int] {
    let rank = try reader.read(UInt32.self, "the dimensions of \(name)")
    guard (1...4).contains(rank) else {
      throw reader.fault("has \(rank) dimensions, 1 to 4 are allowed", in: name)
    }
    var shape: [Int] = []
    for _ in 0..<rank {
      let size = try reader.read(UInt64.self, "the dimensions of \(name)")
      guard size > 0, let size = Int(exactly: size) else {
        throw reader.fault("has a dimension of \(size)", in: name)
      }
      shape.append(size)
    }
    return shape.reversed()
  }

  /// Checks that the tensors lie inside the file and not over each other.
  private mutating func place(_ entries: [Entry], dataStart: Int) throws {
    let file = reader.file
    let available = max(0, file.bytes.count - dataStart)
    for entry in entries {
      guard entry.offset <= UInt64(available), entry.byteCount <= available - Int(entry.offset)
      else {
        throw CheckpointError(
          file: file.path, tensor: entry.name,
          reason: "\(entry.byteCount) bytes from offset \(entry.offset) pass the end of the file,"
            + " which holds \(available) bytes of data: it is cut short or damaged")
      }
      // A tensor has bytes, so the data starts inside the file.
      let start = dataStart + Int(entry.offset)
      tensors.append(
        StoredTensor(
          name: entry.name, type: entry.type, shape: entry.shape, start: start, file: file))
    }
    let order = tensors.indices.sorted {
      tensors[$0].byteRange.lowerBound < tensors[$1].byteRange.lowerBound
    }
    for (left, right) in zip(order, order.dropFirst())
    where tensors[left].byteRange.upperBound > tensors[right].byteRange.lowerBound {
      throw tensors[right].fault("its bytes overlap those of \(printable(tensors[left].name))")
    }
  }
}
