import Files
import JSONFormat

/// A safetensors file, mapped: a u64 header length, a JSON header, then the tensors' bytes without
/// holes.
///
/// Format: https://github.com/huggingface/safetensors#format
public struct SafetensorsFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// The string pairs of `__metadata__`, in the header's order.
  public let metadata: [(key: String, value: String)]
  /// The tensors in the header's order.
  public let tensors: [StoredTensor]
  private let index: TensorIndex

  /// Opens and checks a file; no tensor's bytes are touched.
  /// - Throws: `FileError` where it cannot be opened; `CheckpointError` where its header lies.
  public init(path: String) throws {
    self.path = path
    let header = try SafetensorsHeader(file: MappedFile(path: path))
    metadata = header.metadata
    tensors = header.tensors
    index = header.index
  }

  /// The tensor of a name, compared by bytes.
  public func tensor(named name: String) -> StoredTensor? {
    index[name].map { tensors[$0] }
  }
}

/// The header read and checked.
private struct SafetensorsHeader {
  private let file: MappedFile
  private(set) var metadata: [(key: String, value: String)] = []
  private(set) var tensors: [StoredTensor] = []
  private(set) var index = TensorIndex()

  private static let maximumLength: UInt64 = 100_000_000
  private static let maximumRank = 64

  init(file: MappedFile) throws {
    self.file = file
    let length = try readLength()
    if file.bytes[8] != UInt8(ascii: "{") { throw fault("the header is not a JSON object", at: 8) }
    let header = try file.readObject(in: 8..<8 + length, what: "the header")
    for (name, entry) in header.members {
      if name.utf8.elementsEqual("__metadata__".utf8) {
        try readMetadata(entry)
      } else {
        let tensor = try readEntry(name, entry, dataStart: 8 + length)
        guard index.insert(name, at: tensors.count) else {
          throw fault("the name appears twice", in: name)
        }
        tensors.append(tensor)
      }
    }
    try checkLayout(dataStart: 8 + length)
  }

  private func fault(
    _ reason: String, in tensor: String? = nil, at byte: Int? = nil
  ) -> CheckpointError {
    CheckpointError(file: file.path, tensor: tensor, byte: byte, reason: reason)
  }

  /// The header's length: a `{}` at least, inside the file and the format's limit.
  private func readLength() throws -> Int {
    let size = file.bytes.count
    guard size >= 8 else {
      throw fault("is cut short: \(size) bytes cannot hold the header's length", at: 0)
    }
    let length = file.withBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= Self.maximumLength else {
      throw fault(
        "is not a safetensors file: a header of \(length) bytes, at most"
          + " \(Self.maximumLength) are allowed", at: 0)
    }
    guard length >= 2, Int(length) <= size - 8 else {
      throw fault(
        "is cut short or damaged: a header of \(length) bytes in a file of \(size)", at: 0)
    }
    return Int(length)
  }

  private mutating func readMetadata(_ entry: JSON) throws {
    guard let members = entry.object?.members else {
      throw fault("is not an object of strings", in: "__metadata__")
    }
    for (key, value) in members {
      guard let value = value.string else {
        throw fault("the value of \(printable(key)) is not a string", in: "__metadata__")
      }
      metadata.append((key, value))
    }
  }

  private func readEntry(_ name: String, _ entry: JSON, dataStart: Int) throws -> StoredTensor {
    guard let dtype = entry["dtype"]?.string else { throw fault("has no dtype", in: name) }
    guard let type = StoredType(safetensorsName: dtype) else {
      let known = StoredType.safetensorsNames.map(\.name).joined(separator: ", ")
      throw fault(
        "is stored as \(printable(dtype)), which is not read yet; \(known) are", in: name)
    }
    let shape = try readSizes(entry["shape"], "shape", of: name)
    guard shape.count <= Self.maximumRank else {
      throw fault("has \(shape.count) dimensions, at most \(Self.maximumRank) are read", in: name)
    }
    let offsets = try readSizes(entry["data_offsets"], "data_offsets", of: name)
    guard offsets.count == 2 else { throw fault("data_offsets are not two numbers", in: name) }
    let (begin, end) = (offsets[0], offsets[1])
    let available = file.bytes.count - dataStart
    guard begin <= end, end <= available else {
      throw fault(
        "data_offsets [\(begin), \(end)] lie outside the file's \(available) bytes of data",
        in: name, at: begin <= available ? dataStart + begin : nil)
    }
    guard let bytes = type.byteCount(shape: shape), bytes == end - begin else {
      let needed = type.byteCount(shape: shape).map { "\($0) bytes" } ?? "more bytes than 2^63"
      throw fault(
        "shape \(shape) of \(dtype) needs \(needed), data_offsets [\(begin), \(end)] give"
          + " \(end - begin)", in: name, at: dataStart + begin)
    }
    return StoredTensor(name: name, type: type, shape: shape, start: dataStart + begin, file: file)
  }

  private func readSizes(_ list: JSON?, _ what: String, of name: String) throws -> [Int] {
    guard let elements = list?.array else { throw fault("has no \(what)", in: name) }
    return try elements.map {
      guard let size = $0.int, size >= 0 else {
        throw fault("\(what) holds \(printable($0.text())), which is not a size", in: name)
      }
      return size
    }
  }

  /// The tensors cover the data from its start to the end of the file, none over another.
  private func checkLayout(dataStart: Int) throws {
    let order = tensors.indices.sorted {
      let (left, right) = (tensors[$0].byteRange, tensors[$1].byteRange)
      return (left.lowerBound, left.upperBound) < (right.lowerBound, right.upperBound)
    }
    var position = dataStart
    for index in order {
      let tensor = tensors[index]
      let start = tensor.byteRange.lowerBound
      if start < position {
        throw fault("its bytes overlap another tensor's", in: tensor.name, at: start)
      }
      if start > position {
        throw fault(
          "\(start - position) bytes before it belong to no tensor", in: tensor.name, at: position)
      }
      position = tensor.byteRange.upperBound
    }
    guard position == file.bytes.count else {
      throw fault("\(file.bytes.count - position) bytes after the last tensor", at: position)
    }
  }
}
