import Checkpoints
import Files
import JSONFormat
import TestTools
import Testing

/// The fixtures, made by Tests/Fixtures/checkpoints.py.
enum Fixtures {
  static func path(_ name: String) -> String { fixturePath("checkpoints/" + name) }

  static func bytes(_ name: String) throws -> [UInt8] {
    try MappedFile(path: path(name)).withBytes(Array.init)
  }

  /// What the formats' own libraries read from a file: by tensor, as `expected.json` has it.
  static func expected(_ file: String) throws -> [(name: String, value: JSON)] {
    let all = try JSON(reading: bytes("expected.json"))
    return try #require(all[file]?.object).members.map { (name: $0.key, value: $0.value) }
  }
}

/// Writes bytes to a file of a new folder.
func file(_ bytes: [UInt8], _ name: String = "x.bin") throws -> String {
  let path = try temporaryFolder() + "/" + name
  try writeFile(path) { try $0.write(bytes) }
  return path
}

/// Checks shape and values, floats by their bits.
func expectEqual(_ tensor: StoredTensor, _ expected: JSON) throws {
  #expect(tensor.shape == expected["shape"]?.array?.compactMap(\.int), "\(tensor.name)")
  if let bits = expected["bits"]?.array {
    let read = try tensor.floats().map { Int($0.bitPattern) }
    #expect(read == bits.compactMap(\.int), "\(tensor.name)")
  } else {
    let integers = try #require(expected["integers"]?.array)
    #expect(try tensor.integers().map(Int.init) == integers.compactMap(\.int), "\(tensor.name)")
  }
}

/// Checks that `body` throws an error whose description ends in `text`, the part after the path.
func expectError(
  _ text: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  #expect(sourceLocation: sourceLocation) {
    try body()
  } throws: { error in
    "\(error)".hasSuffix(": " + text)
  }
}

/// A number's bytes, little-endian.
func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian, Array.init)
}
