import Checkpoints
import Files
import TestTools
import Testing

@Suite struct NumpyTests {
  static let arrays = [
    "f8", "f4", "f2", "i8", "i4", "i2", "i1", "u4", "u2", "u1", "b1", "scalar", "empty", "wide",
  ].map { $0 + ".npy" }

  @Test(arguments: arrays + ["version2.npy", "version3.npy"])
  func readsAsNumpyReads(_ name: String) throws {
    let expected = try #require(try Fixtures.expected(name).first).value
    try expectEqual(NumpyFile(path: Fixtures.path(name)).tensor, expected)
  }

  /// `numpy.save` wrote these files from the same arrays.
  @Test(arguments: arrays)
  func writesNumpysBytes(_ name: String) throws {
    let tensor = try NumpyFile(path: Fixtures.path(name)).tensor
    let path = try temporaryFolder() + "/x.npy"
    try writeNumpy(path, WritableTensor(copying: tensor))
    #expect(try MappedFile(path: path).withBytes(Array.init) == Fixtures.bytes(name))
  }

  @Test func whatIsNotReadIsNamed() throws {
    func expect(_ error: String, _ name: String) {
      expectError(error) { _ = try NumpyFile(path: Fixtures.path(name)) }
    }
    expect(
      "is in Fortran's order, which is not read; save numpy.ascontiguousarray(array) (byte 10)",
      "fortran.npy")
    expect(
      "is big-endian (>f4), which is not read; save array.astype('<f4') (byte 10)", "big.npy")
    expect(
      "is an array of records, which is not read; save one field of it (byte 21)", "records.npy")
    expect(
      "is of type <c8, which is not read; b1, f2, f4, f8, i1, i2, i4, i8, u1, u2, u4 are (byte 10)",
      "complex.npy")
    let path = try temporaryFolder() + "/x.npy"
    expectError("NumPy has no type bf16; write it as f32") {
      try writeNumpy(path, WritableTensor(name: "", type: .bf16, shape: [1], floats: [1]))
    }
  }

  private func npy(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [version, 0] + bytes(UInt16(header.utf8.count))
      + Array(header.utf8) + data
  }

  private func expect(
    _ error: String, _ content: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = try file(content, "x.npy")
    expectError(error, sourceLocation: sourceLocation) { _ = try NumpyFile(path: path) }
  }

  @Test func filesCutShort() throws {
    try expect("is not a .npy file (byte 0)", [])
    try expect("is not a .npy file (byte 0)", Array("NUMPY!".utf8))
    let whole = try Fixtures.bytes("f4.npy")
    try expect(
      "is cut short: 0 bytes are left where the version should be (byte 6)", Array(whole[..<6]))
    try expect(
      "is cut short: 40 bytes are left where the header should be (byte 10)", Array(whole[..<50]))
    let damaged = "is cut short or damaged: shape [2, 3] of <f4 needs 24 bytes,"
    try expect("\(damaged) 23 are there (byte 128)", whole.dropLast())
    try expect("\(damaged) 25 are there (byte 128)", whole + [0])
    try expect("is a .npy file of version 4.0; 1.0 to 3.0 are read (byte 8)", npy("", version: 4))
  }

  @Test func headersThatLie() throws {
    func header(_ shape: String, descr: String = "'<f4'") -> String {
      "{'descr': \(descr), 'fortran_order': False, 'shape': \(shape)}"
    }
    let damaged = "the header is damaged: "
    try expect(
      "is cut short or damaged: shape [4294967296, 4294967296] of <f4 needs more bytes than 2^63,"
        + " 0 are there (byte 85)", npy(header("(4294967296, 4294967296)")))
    try expect("\(damaged)a size should stand here (byte 61)", npy(header("(-1,)")))
    try expect(
      "\(damaged)a size should stand here (byte 80)", npy(header("(9223372036854775808,)")))
    let many = String(repeating: "1, ", count: 65)
    try expect("\(damaged)more than 64 dimensions (byte 254)", npy(header("(\(many))")))
    try expect("\(damaged)\"{\" should stand here (byte 10)", npy("[]"))
    try expect("\(damaged)descr, fortran_order or shape is missing (byte 12)", npy("{}"))
    try expect("\(damaged)a string without an end (byte 17)", npy("{'descr"))
    try expect("\(damaged)the key x is unknown or appears twice (byte 15)", npy("{'x': 1}"))
    try expect("\(damaged)text after the dictionary (byte 63)", npy(header("()") + "x"))
    try expect("\(damaged)True or False should stand here (byte 28)", npy("{'fortran_order': 1}"))
    try expect(
      "has the unknown byte order =f4 (byte 10)", npy(header("()", descr: "'=f4'"), [0, 0, 0, 0]))
  }
}
