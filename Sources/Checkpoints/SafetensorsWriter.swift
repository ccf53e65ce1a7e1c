import Files
import JSONFormat

/// Writes a safetensors file, byte for byte as the safetensors library does: larger types first,
/// then by name, the header padded with spaces to a multiple of 8.
///
/// - Parameters:
///   - path: the file; its folder exists.
///   - tensors: in any order; each one's values are asked for once, when its turn comes.
///   - metadata: the string pairs of `__metadata__`, in order.
/// - Throws: `CheckpointError` for two tensors of one name, a type that the format does not have,
///   or a value that does not fit its type; `FileError`; what the tensors' values throw. What was
///   at `path` is then as it was.
public func writeSafetensors(
  _ path: String, _ tensors: [WritableTensor],
  metadata: [(key: String, value: String)] = [("format", "pt")]
) throws {
  let plan = try SafetensorsPlan(path: path, tensors: tensors, metadata: metadata)
  try plan.writeFile()
}

/// The layout of a file to be written, checked before anything is.
struct SafetensorsPlan {
  private let path: String
  private var dataSize = 0
  private var entries: [(tensor: WritableTensor, count: Int)] = []
  private var header: [UInt8] = []

  init(
    path: String, tensors: [WritableTensor], metadata: [(key: String, value: String)]
  ) throws {
    self.path = path
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.map { memberText($0.key, quoted($0.value)) }
      members.append(memberText("__metadata__", objectText(pairs)))
    }
    for (rank, tensor) in try Self.inFileOrder(tensors, path: path) {
      let size = try tensor.byteCount(path: path)
      let (end, overflow) = dataSize.addingReportingOverflow(size)
      guard !overflow else {
        throw CheckpointError(file: path, reason: "the tensors need more bytes than 2^63")
      }
      let entry = objectText([
        memberText("dtype", quoted(StoredType.safetensorsNames[rank].name)),
        memberText("shape", "[\(tensor.shape.map(String.init).joined(separator: ","))]"),
        memberText("data_offsets", "[\(dataSize),\(end)]"),
      ])
      members.append(memberText(tensor.name, entry))
      entries.append((tensor, size / tensor.type.bytesPerBlock))
      dataSize = end
    }
    header = Array(objectText(members).utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    guard header.count <= 100_000_000 else {
      throw CheckpointError(
        file: path, reason: "the header of \(tensors.count) tensors passes 100,000,000 bytes")
    }
  }

  private static func inFileOrder(
    _ tensors: [WritableTensor], path: String
  ) throws -> [(rank: Int, tensor: WritableTensor)] {
    var names = TensorIndex()
    let ranked = try tensors.enumerated().map { position, tensor in
      guard names.insert(tensor.name, at: position) else {
        throw CheckpointError(file: path, tensor: tensor.name, reason: "is to be written twice")
      }
      if tensor.name.utf8.elementsEqual("__metadata__".utf8) {
        throw CheckpointError(
          file: path, tensor: tensor.name, reason: "no tensor of this name can be written")
      }
      guard let rank = tensor.type.safetensorsRank else {
        throw CheckpointError(
          file: path, tensor: tensor.name,
          reason: "safetensors has no type \(tensor.type.rawValue); write it as f32 or bf16")
      }
      return (rank: rank, tensor: tensor)
    }
    return ranked.sorted {
      $0.rank == $1.rank ? precedes($0.tensor.name, $1.tensor.name) : $0.rank < $1.rank
    }
  }

  /// Writes the file, and calls `beforeRenaming` when its bytes are written and it is not in place.
  func writeFile(beforeRenaming: () throws -> Void = {}) throws {
    try Files.writeFile(path) { writer in
      try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try writer.write($0) }
      try writer.write(header)
      for (tensor, count) in entries {
        try writer.write(valuesOf: tensor, count: count, path: path)
      }
      try beforeRenaming()
    }
  }
}

// The library writes its header without spaces, which `JSON.text` has.

private func quoted(_ text: String) -> String { JSON.string(text).text() }

private func memberText(_ key: String, _ value: String) -> String { "\(quoted(key)):\(value)" }

private func objectText(_ members: [String]) -> String { "{\(members.joined(separator: ","))}" }
