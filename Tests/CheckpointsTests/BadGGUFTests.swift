import Checkpoints
import Testing

/// One case for each way in which a GGUF file can lie.
@Suite struct BadGGUFTests {
  private func expect(
    _ error: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ build: (inout GGUFBytes) -> Void
  ) throws {
    var gguf = GGUFBytes()
    build(&gguf)
    let path = try gguf.file()
    expectError(error, sourceLocation: sourceLocation) { _ = try GGUFFile(path: path) }
  }

  @Test func magicAndVersion() throws {
    let wrong = "is not a GGUF file: it does not start with \"GGUF\" (byte 0)"
    try expect(wrong) { $0.magic = Array("GGML".utf8) }
    let path = try file([0x47, 0x47])
    expectError(wrong) { _ = try GGUFFile(path: path) }
    let short = try file(Array("GGUF".utf8) + [3])
    expectError("is cut short: 1 bytes are left where the version should be (byte 4)") {
      _ = try GGUFFile(path: short)
    }
    try expect("is a GGUF file of version 1; 2 and 3 are read (byte 8)") { $0.version = 1 }
    try expect("is a GGUF file of version 4; 2 and 3 are read (byte 8)") { $0.version = 4 }
    try expect("is a GGUF file for big-endian machines, which is not read (byte 8)") {
      $0.version = UInt32(3).byteSwapped
    }
  }

  @Test func countsPastTheFile() throws {
    try expect(
      "the tensor count is 1099511627776,"
        + " and only 16 bytes are left of the file (byte 8)"
    ) { $0.tensorCount = 1 << 40 }
    try expect("the key count is \(UInt64.max), and only 8 bytes are left of the file (byte 16)") {
      $0.keyCount = .max
    }
    try expect("the key count is 65537, at most 65536 are read (byte 24)") {
      $0.keyCount = 65537
      $0.data = [UInt8](repeating: 0, count: 13 * 65537)
    }
  }

  @Test func lengthsPastTheFile() throws {
    let data = bytes(UInt64(1) << 30)
    try expect(
      "the length of the value of k is 1073741824,"
        + " and only 19 bytes are left of the file (byte 37)"
    ) { $0.add("k", 8, data) }
    try expect(
      "the array length of k is 1073741824,"
        + " and only 15 bytes are left of the file (byte 41)"
    ) { $0.add("k", 9, bytes(UInt32(0)) + data) }
    try expect(
      "the array length of k is 9223372036854775807,"
        + " and only 15 bytes are left of the file (byte 41)"
    ) { $0.add("k", 9, bytes(UInt32(10)) + bytes(UInt64(Int64.max))) }
    try expect(
      "the length of a string of k is 1073741824,"
        + " and only 7 bytes are left of the file (byte 49)"
    ) { $0.add("k", 9, bytes(UInt32(8)) + bytes(UInt64(1)) + data) }
  }

  @Test func typesOfValues() throws {
    try expect("k: has the unknown value type 13 (byte 37)") { $0.add("k", 13, []) }
    try expect("k: has the unknown value type 4294967295 (byte 41)") {
      $0.add("k", 9, bytes(UInt32.max) + bytes(UInt64(0)))
    }
  }

  @Test func arraysOfArrays() throws {
    func nested(_ depth: Int) -> [UInt8] {
      depth == 0
        ? bytes(UInt32(0)) + bytes(UInt64(0))
        : bytes(UInt32(9)) + bytes(UInt64(1)) + nested(depth - 1)
    }
    var shallow = GGUFBytes()
    shallow.add("k", 9, nested(3))
    #expect(try GGUFFile(path: shallow.file())["k"]?.array?.elementType == .array)
    try expect("k: arrays nest more than 4 deep (byte 85)") { $0.add("k", 9, nested(4)) }
    try expect("k: arrays nest more than 4 deep (byte 85)") { $0.add("k", 9, nested(50_000)) }
  }

  @Test func keysTwiceAndNotText() throws {
    try expect("k: the key appears twice (byte 47)") {
      $0.add("k", 0, [1])
      $0.add("k", 0, [2])
    }
    let path = try file(
      Array("GGUF".utf8) + bytes(UInt32(3)) + bytes(UInt64(0)) + bytes(UInt64(1))
        + bytes(UInt64(1)) + [0xFF] + bytes(UInt32(0)) + [0, 0, 0, 0])
    expectError("a metadata key is not UTF-8 (byte 32)") { _ = try GGUFFile(path: path) }
  }

  @Test(arguments: [0, 1, 24, 1 << 30, UInt32.max])
  func alignments(_ alignment: UInt32) throws {
    try expect(
      "general.alignment: is \(alignment), not a power of two from 8 to 1048576 (byte 57)"
    ) { $0.add("general.alignment", 4, bytes(alignment)) }
  }

  @Test func anAlignmentOfAnotherType() throws {
    try expect("general.alignment: is not a u32 (byte 61)") {
      $0.add("general.alignment", 10, bytes(UInt64(32)))
    }
    try expect("general.alignment: is not a u32 (byte 63)") {
      $0.add("general.alignment", 8, bytes(UInt64(2)) + Array("32".utf8))
    }
  }

  @Test func dimensions() throws {
    try expect("a: has 5 dimensions, 1 to 4 are allowed (byte 37)") {
      $0.addTensor("a", [1, 1, 1, 1, 1])
    }
    try expect("a: has 0 dimensions, 1 to 4 are allowed (byte 37)") {
      $0.addTensor("a", [])
      $0.data = [0, 0, 0, 0]
    }
    try expect("a: has a dimension of 0 (byte 45)") { $0.addTensor("a", [0]) }
    try expect("a: has a dimension of 9223372036854775808 (byte 45)") {
      $0.addTensor("a", [1 << 63])
    }
    // 2^32 · 2^32 wraps to 0.
    try expect("a: shape [4294967296, 4294967296] needs more bytes than 2^63 (byte 57)") {
      $0.addTensor("a", [1 << 32, 1 << 32])
    }
    try expect("a: shape [4611686018427387904] needs more bytes than 2^63 (byte 49)") {
      $0.addTensor("a", [1 << 62])
    }
  }

  @Test func typesOfTensors() throws {
    let path = Fixtures.path("unread.gguf")
    let readable = "F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K and Q6_K are"
    #expect { _ = try GGUFFile(path: path) } throws: {
      "\($0)".hasPrefix(
        path + ": blk.0.ffn_down.weight: is stored as Q2_K, which is not read yet; " + readable)
    }
    try expect(
      "a: is stored as the unknown type 77, which is not read yet; \(readable) (byte 49)"
    ) { $0.addTensor("a", [1], type: 77) }
    try expect("a: its rows of 48 are no whole number of Q8_0 blocks of 32 (byte 57)") {
      $0.addTensor("a", [48, 2], type: 8)
    }
    try expect("a: its rows of 288 are no whole number of Q4_K blocks of 256 (byte 57)") {
      $0.addTensor("a", [288, 8], type: 12)
    }
  }

  @Test func offsets() throws {
    try expect("a: its offset 4 is no multiple of 32 (byte 57)") {
      $0.addTensor("a", [1], offset: 4)
    }
    let past = "pass the end of the file, which holds"
    try expect("a: 8 bytes from offset 0 \(past) 4 bytes of data: it is cut short or damaged") {
      $0.addTensor("a", [2])
      $0.data = [0, 0, 0, 0]
    }
    try expect(
      "a: 4 bytes from offset 18446744073709551584 \(past) 4 bytes of data: it is cut short or damaged"
    ) {
      $0.addTensor("a", [1], offset: .max - 31)
      $0.data = [0, 0, 0, 0]
    }
    try expect("b: its bytes overlap those of a (byte 128)") {
      $0.addTensor("a", [9])
      $0.addTensor("b", [1], offset: 32)
      $0.data = [UInt8](repeating: 0, count: 36)
    }
  }

  @Test func tensorsTwice() throws {
    try expect("a: the name appears twice (byte 66)") {
      $0.addTensor("a", [1])
      $0.addTensor("a", [1], offset: 32)
    }
  }

  /// Arrays of many short strings take several times their bytes.
  @Test func aVocabularyPastTheLimit() throws {
    var gguf = GGUFBytes()
    let count = 6_000_000
    let strings = [UInt8](repeating: 0, count: 8 * count)
    gguf.add("k", 9, bytes(UInt32(8)) + bytes(UInt64(count)) + strings)
    let array = try #require(GGUFFile(path: gguf.file())["k"]?.array)
    #expect(array.count == count)
    #expect { _ = try array.strings() } throws: {
      "\($0)".contains("k: 384000000 values would take more than 316")
    }
  }
}
