import Files

/// An array of a GGUF file's metadata, read when it is asked for: a vocabulary is large.
public struct GGUFArray: Sendable {
  /// The metadata key, for errors.
  public let key: String
  /// The type of the elements.
  public let elementType: GGUFValueType
  /// The number of elements.
  public let count: Int
  private let file: MappedFile
  private let start: Int

  /// Arrays of arrays deeper than this are refused.
  private static let maximumDepth = 4

  /// Passes over an array (u32 element type, u64 count, elements) and checks every length in it.
  init(key: String, reader: inout ByteReader) throws {
    self.key = key
    file = reader.file
    (elementType, count) = try Self.readHead(key, &reader)
    start = reader.position
    try Self.skipElements(count, of: elementType, key, &reader, depth: 1)
  }

  private static func readHead(
    _ key: String, _ reader: inout ByteReader
  ) throws -> (GGUFValueType, Int) {
    let type = try GGUFValueType(key: key, reader: &reader)
    return (type, try reader.readCount(ofSize: type.minimumSize, "the array length of \(key)"))
  }

  private static func skipElements(
    _ count: Int, of type: GGUFValueType, _ key: String, _ reader: inout ByteReader, depth: Int
  ) throws {
    switch type {
    case .string:
      for _ in 0..<count { _ = try reader.readString("a string of \(key)") }
    case .array:
      if depth == maximumDepth {
        throw reader.fault("arrays nest more than \(maximumDepth) deep", in: key)
      }
      for _ in 0..<count {
        let (type, count) = try readHead(key, &reader)
        try skipElements(count, of: type, key, &reader, depth: depth + 1)
      }
    default:
      // No overflow: the count was bounded by what is left of the file.
      try reader.skip(count * type.minimumSize, "the array of \(key)")
    }
  }

  private func fault(expecting wanted: String) -> CheckpointError {
    CheckpointError(
      file: file.path, tensor: key, byte: start,
      reason: "is an array of \(elementType), where \(wanted) are needed")
  }

  private func map<Element>(_ read: (inout ByteReader) throws -> Element) throws -> [Element] {
    try file.checkAllocation(count, of: Element.self, for: key)
    var reader = ByteReader(file: file, at: start)
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try read(&reader)) }
    return elements
  }
}

extension GGUFArray {
  /// The strings as bytes: tokens need not be UTF-8, and two that Swift calls equal may differ.
  /// - Throws: `CheckpointError` where the elements are no strings or would take more memory than
  ///   the file's size and 256 MB.
  public func strings() throws -> [[UInt8]] {
    guard elementType == .string else { throw fault(expecting: "strings") }
    // Each string is an array of its own with 32 bytes before its first, rounded up to 16.
    let (overhead, overflow) = count.multipliedReportingOverflow(by: 64)
    try file.checkAllocation(overflow ? .max : overhead, of: UInt8.self, for: key)
    return try map { reader in
      let range = try reader.readString("a string of \(key)")
      return file.withBytes { [UInt8]($0[range]) }
    }
  }

  /// The integers.
  /// - Throws: `CheckpointError` where the elements are of another type or pass 63 bits, or would
  ///   take more memory than the file's size and 256 MB.
  public func integers() throws -> [Int] {
    switch elementType {
    case .u8, .i8, .u16, .i16, .u32, .i32, .u64, .i64: break
    default: throw fault(expecting: "integers")
    }
    return try map { reader in
      let value = try GGUFValue(elementType, key: key, reader: &reader)
      guard let integer = value.int else { throw reader.fault("passes 63 bits", in: key) }
      return integer
    }
  }

  /// The numbers, integers included.
  /// - Throws: `CheckpointError` where the elements are of another type or would take more memory
  ///   than the file's size and 256 MB.
  public func doubles() throws -> [Double] {
    switch elementType {
    case .bool, .string, .array: throw fault(expecting: "numbers")
    default: break
    }
    return try map { reader in
      let value = try GGUFValue(elementType, key: key, reader: &reader)
      guard let number = value.double else { throw fault(expecting: "numbers") }
      return number
    }
  }

  /// The Booleans.
  /// - Throws: `CheckpointError` where the elements are of another type or would take more memory
  ///   than the file's size and 256 MB.
  public func bools() throws -> [Bool] {
    guard elementType == .bool else { throw fault(expecting: "Booleans") }
    return try map { try $0.read(UInt8.self, "a Boolean of \(key)") != 0 }
  }
}
