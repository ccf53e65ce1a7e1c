import Checkpoints
import Testing

@Suite struct StoredTensorTests {
  @Test(arguments: ["types.safetensors", "rounding.safetensors"])
  func safetensorsReadAsTheLibraryReads(_ name: String) throws {
    let file = try SafetensorsFile(path: Fixtures.path(name))
    let expected = try Fixtures.expected(name)
    #expect(file.tensors.count == expected.count)
    for (name, value) in expected {
      try expectEqual(try #require(file.tensor(named: name)), value)
    }
  }

  @Test func ggufReadsAsTheLibraryDequantizes() throws {
    let file = try GGUFFile(path: Fixtures.path("types.gguf"))
    for (name, value) in try Fixtures.expected("types.gguf") {
      try expectEqual(try #require(file.tensor(named: name)), value)
    }
  }

  @Test func everyRangeReadsTheSameValues() throws {
    let file = try GGUFFile(path: Fixtures.path("types.gguf"))
    let types = ["q4_0", "q4_1", "q5_0", "q5_1", "q8_0", "q4_k", "q6_k", "bf16"]
    for name in types.map({ "blk.0.\($0).weight" }) {
      let tensor = try #require(file.tensor(named: name))
      let all = try tensor.floats()
      for start in 0...min(70, tensor.count) {
        for end in start...tensor.count {
          var part = [Float](repeating: .nan, count: end - start)
          try part.withUnsafeMutableBufferPointer { try tensor.readFloats(start..<end, into: $0) }
          if part != Array(all[start..<end]) { Issue.record("\(name) \(start)..<\(end)") }
        }
      }
    }
  }

  /// Against the language's own conversion, over all of f16.
  @Test func everyHalfConverts() throws {
    let patterns = (0...UInt16.max).map { $0 }
    let header = #"{"x":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#
    let bytes = safetensors(header, data: patterns.flatMap { CheckpointsTests.bytes($0) })
    let values = try #require(SafetensorsFile(path: file(bytes)).tensor(named: "x")).floats()
    for (pattern, value) in zip(patterns, values) {
      let expected = Float(Float16(bitPattern: pattern))
      if expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern {
        Issue.record("\(pattern): \(value), not \(expected)")
      }
    }
  }

  @Test func rotaryRowsComeBackInOrder() throws {
    let file = try GGUFFile(path: Fixtures.path("types.gguf"))
    let tensor = try #require(file.tensor(named: "blk.0.attn_q.weight"))
    let expected = try #require(try Fixtures.expected("unpermuted").first).value
    let bits = try #require(expected["bits"]?.array).compactMap(\.int)
    for range in [0..<24 * 32, 5 * 32..<6 * 32, 7 * 32 + 3..<17 * 32 + 1, 40..<41, 9..<9] {
      var values = [Float](repeating: 0, count: range.count)
      try values.withUnsafeMutableBufferPointer {
        try tensor.readRotary(range, heads: 3, into: $0)
      }
      #expect(values.map { Int($0.bitPattern) } == Array(bits[range]))
    }
    expectError(
      "blk.0.attn_q.weight: shape [24, 32] does not divide into 5 heads of an even number of rows"
        + " (byte \(tensor.byteRange.lowerBound))"
    ) {
      var values = [Float](repeating: 0, count: 32)
      try values.withUnsafeMutableBufferPointer {
        try tensor.readRotary(0..<32, heads: 5, into: $0)
      }
    }
  }

  @Test func rotaryRowsOfOneHead() {
    // Two halves of four rows, interleaved.
    #expect((0..<8).map { rotaryStoredRow(of: $0, headDimension: 8) } == [0, 2, 4, 6, 1, 3, 5, 7])
    #expect(rotaryStoredRow(of: 9, headDimension: 8) == 10)
  }

  @Test func aTypeReadAsAnotherKindIsRefused() throws {
    let file = try SafetensorsFile(path: Fixtures.path("types.safetensors"))
    let integers = try #require(file.tensor(named: "i64"))
    let floats = try #require(file.tensor(named: "bf16"))
    expectError(
      "i64: is stored as i64, where floats are needed (byte \(integers.byteRange.lowerBound))"
    ) {
      _ = try integers.floats()
    }
    expectError(
      "bf16: is stored as bf16, where integers are needed (byte \(floats.byteRange.lowerBound))"
    ) {
      _ = try floats.integers()
    }
  }

  @Test func countsOfBytes() {
    #expect(StoredType.q4_1.byteCount(shape: [3, 64]) == 120)
    #expect(StoredType.q8_0.byteCount(shape: [3, 48]) == nil)
    #expect(StoredType.bf16.byteCount(shape: []) == 2)
    #expect(StoredType.f32.byteCount(shape: [1 << 61, 2]) == nil)
    #expect(StoredType.f32.byteCount(shape: [-1]) == nil)
    #expect(StoredType.f32.byteCount(shape: [0, 7]) == 0)
  }
}

/// A safetensors file of a header and data.
func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
  bytes(UInt64(header.utf8.count)) + Array(header.utf8) + data
}
