import Checkpoints
import Testing

/// One case for each way in which a safetensors file can lie.
@Suite struct BadSafetensorsTests {
  private func expect(
    _ error: String, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = try file(bytes, "model.safetensors")
    expectError(error, sourceLocation: sourceLocation) { _ = try SafetensorsFile(path: path) }
  }

  private func entry(_ shape: String, _ offsets: String, dtype: String = "F32") -> String {
    #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test func aFileCutShort() throws {
    try expect("is cut short: 0 bytes cannot hold the header's length (byte 0)", [])
    try expect(
      "is cut short: 7 bytes cannot hold the header's length (byte 0)", [1, 0, 0, 0, 0, 0, 0])
    try expect(
      "is cut short or damaged: a header of 100 bytes in a file of 9 (byte 0)",
      bytes(UInt64(100)) + [UInt8(ascii: "{")])
    try expect(
      "is cut short or damaged: a header of 0 bytes in a file of 8 (byte 0)", bytes(UInt64(0)))
    // The last tensor loses its last byte.
    let whole = try Fixtures.bytes("types.safetensors")
    let path = try file(Array(whole.dropLast()), "model.safetensors")
    expectError(
      "bool: data_offsets [346, 352] lie outside the file's 351 bytes of data (byte 1546)"
    ) {
      _ = try SafetensorsFile(path: path)
    }
  }

  @Test func aHeaderPastTheLimit() throws {
    for length in [100_000_001, UInt64.max, 1 << 63] {
      try expect(
        "is not a safetensors file: a header of \(length) bytes, at most 100000000 are allowed"
          + " (byte 0)", bytes(length) + [0, 0])
    }
  }

  @Test func aHeaderThatIsNoObject() throws {
    try expect("the header is not a JSON object (byte 8)", safetensors("[]"))
    try expect(
      "the header is not valid JSON: the text ends inside an object (byte 14)",
      safetensors("{\"a\":1"))
  }

  @Test func aHeaderOfTooManyValues() throws {
    // 60 MB of empty arrays could take gigabytes.
    let header = "{\"a\":[" + String(repeating: "[],", count: 20_000_000) + "0]}"
    let path = try file(safetensors(header), "model.safetensors")
    #expect {
      _ = try SafetensorsFile(path: path)
    } throws: {
      "\($0)".contains("the header holds so many values that reading it could take 3840000")
    }
  }

  @Test func twoTensorsOfOneName() throws {
    let one = entry("[0]", "[0,0]")
    try expect(
      "the header is not valid JSON: the name \"a\" appears twice (byte 62)",
      safetensors("{\"a\":\(one),\"a\":\(one)}"))
  }

  @Test func unknownTypes() throws {
    try expect(
      "a: is stored as F8_E4M3, which is not read yet; I64, F64, F32, U32, I32, BF16, F16, U16, I16,"
        + " I8, U8, BOOL are",
      safetensors("{\"a\":\(entry("[1]", "[0,1]", dtype: "F8_E4M3"))}", data: [0]))
    try expect("a: has no dtype", safetensors("{\"a\":{}}"))
    try expect("a: has no dtype", safetensors("{\"a\":7}"))
  }

  @Test func sizesThatAreNone() throws {
    for size in ["-1", "1.5", "\"1\"", "1e400", "18446744073709551616", "null"] {
      let path = try file(
        safetensors("{\"a\":\(entry("[\(size)]", "[0,4]"))}", data: [0, 0, 0, 0]))
      #expect { _ = try SafetensorsFile(path: path) } throws: {
        "\($0)".contains("a: shape holds ") && "\($0)".hasSuffix(", which is not a size")
      }
    }
    try expect("a: has no shape", safetensors(#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#))
    try expect("a: has no data_offsets", safetensors(#"{"a":{"dtype":"F32","shape":[1]}}"#))
    try expect("a: data_offsets are not two numbers", safetensors("{\"a\":\(entry("[0]", "[0]"))}"))
    let many = "[" + String(repeating: "1,", count: 64) + "1]"
    try expect(
      "a: has 65 dimensions, at most 64 are read",
      safetensors("{\"a\":\(entry(many, "[0,4]"))}", data: [0, 0, 0, 0]))
  }

  @Test func aShapeWhoseProductWraps() throws {
    // 2^62 · 4 + … wraps to 0 in 64 bits, and 2^62 f32 to 0 bytes.
    for shape in ["[4611686018427387904,4]", "[4611686018427387904]", "[9223372036854775807,2,0]"] {
      let path = try file(safetensors("{\"a\":\(entry(shape, "[0,0]"))}"))
      #expect { _ = try SafetensorsFile(path: path) } throws: {
        "\($0)".contains("needs more bytes than 2^63, data_offsets [0, 0] give 0")
      }
    }
  }

  @Test func aShapeThatDoesNotFitItsBytes() throws {
    try expect(
      "a: shape [2] of F32 needs 8 bytes, data_offsets [0, 4] give 4 (byte 63)",
      safetensors("{\"a\":\(entry("[2]", "[0,4]")) }", data: [0, 0, 0, 0]))
  }

  @Test func offsetsOutsideTheFile() throws {
    try expect(
      "a: data_offsets [0, 8] lie outside the file's 4 bytes of data (byte 62)",
      safetensors("{\"a\":\(entry("[2]", "[0,8]"))}", data: [0, 0, 0, 0]))
    try expect(
      "a: data_offsets [4, 0] lie outside the file's 4 bytes of data (byte 66)",
      safetensors("{\"a\":\(entry("[1]", "[4,0]"))}", data: [0, 0, 0, 0]))
    try expect(
      "a: data_offsets [9223372036854775800, 9223372036854775804] lie outside the file's 4 bytes of"
        + " data",
      safetensors(
        "{\"a\":\(entry("[1]", "[9223372036854775800,9223372036854775804]"))}", data: [0, 0, 0, 0]))
  }

  @Test func overlapsHolesAndLeftovers() throws {
    let data = [UInt8](repeating: 0, count: 12)
    let a = entry("[2]", "[0,8]")
    try expect(
      "b: its bytes overlap another tensor's (byte 120)",
      safetensors("{\"a\":\(a),\"b\":\(entry("[2]", "[4,12]"))}", data: data))
    try expect(
      "b: 4 bytes before it belong to no tensor (byte 120)",
      safetensors("{\"a\":\(entry("[1]", "[0,4]")),\"b\":\(entry("[1]", "[8,12]"))}", data: data))
    try expect(
      "4 bytes after the last tensor (byte 70)", safetensors("{\"a\":\(a)}", data: data))
  }

  @Test func emptyTensorsMayShareAnOffset() throws {
    let header =
      "{\"a\":\(entry("[0]", "[4,4]")),\"b\":\(entry("[1]", "[0,4]")),\"c\":\(entry("[2,0]", "[4,4]"))}"
    let file = try SafetensorsFile(path: file(safetensors(header, data: [0, 0, 128, 63])))
    #expect(file.tensors.map(\.name) == ["a", "b", "c"])
    #expect(try file.tensor(named: "b")?.floats() == [1])
    #expect(try file.tensor(named: "c")?.floats() == [])
  }

  @Test func metadataThatIsNoStrings() throws {
    try expect("__metadata__: is not an object of strings", safetensors(#"{"__metadata__":[]}"#))
    try expect(
      "__metadata__: the value of a is not a string", safetensors(#"{"__metadata__":{"a":1}}"#))
  }

  @Test func namesInErrorsArePrintable() throws {
    let path = try file(safetensors(#"{"\u001b[2J":{}}"#))
    expectError("\u{FFFD}[2J: has no dtype") { _ = try SafetensorsFile(path: path) }
  }
}
