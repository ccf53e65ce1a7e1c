import Checkpoints
import Testing

@Suite struct GGUFTests {
  @Test func everyKindOfMetadata() throws {
    let file = try GGUFFile(path: Fixtures.path("types.gguf"))
    #expect(file.metadata.first?.key == "general.architecture")
    #expect(file["general.architecture"]?.string == "llama")
    let integers = ["u8", "i8", "u16", "i16", "u32", "i32", "i64"].map { file["test." + $0]?.int }
    #expect(
      integers == [
        200, -100, 60000, -30000, 4_000_000_000, -2_000_000_000, -4_611_686_018_427_387_904,
      ]
    )
    #expect(file["test.u64"]?.int == nil)
    #expect(file["test.u64"]?.double == 0x1p64)
    #expect(file["test.f32"]?.double == 0.25)
    #expect(file["test.f64"]?.double == 0.1)
    #expect(file["test.bool"]?.bool == true)
    #expect(file["test.string"]?.string == "pâté")
    #expect(file["test.none"]?.int == nil)
  }

  @Test func arraysReadByType() throws {
    let file = try GGUFFile(path: Fixtures.path("types.gguf"))
    let strings = try #require(file["test.strings"]?.array)
    #expect(strings.count == 4)
    #expect(
      try strings.strings() == [[0x61], [0xC3, 0xA9], [0x65, 0xCC, 0x81], []])
    let integers = try #require(file["test.integers"]?.array)
    #expect(try integers.integers() == [1, -2, 3])
    #expect(try integers.doubles() == [1, -2, 3])
    #expect(try #require(file["test.floats"]?.array).doubles() == [0.5, -1.5])
    #expect(try #require(file["test.bools"]?.array).bools() == [true, false])
    #expect {
      _ = try integers.strings()
    } throws: {
      "\($0)".contains("test.integers: is an array of i32, where strings are needed")
    }
    #expect(throws: CheckpointError.self) { _ = try strings.integers() }
    #expect(throws: CheckpointError.self) { _ = try strings.doubles() }
    #expect(throws: CheckpointError.self) { _ = try strings.bools() }
  }

  @Test func stringsNeedNotBeText() throws {
    var gguf = GGUFBytes()
    gguf.add("k", 9, bytes(UInt32(8)) + bytes(UInt64(1)) + bytes(UInt64(2)) + [0xFF, 0xFE])
    gguf.add("s", 8, bytes(UInt64(1)) + [0x80])
    let file = try GGUFFile(path: gguf.file())
    #expect(try file["k"]?.array?.strings() == [[0xFF, 0xFE]])
    #expect(file["s"]?.bytes == [0x80])
    #expect(file["s"]?.string == nil)
  }

  @Test func version2AndAnotherAlignment() throws {
    var gguf = GGUFBytes()
    gguf.version = 2
    gguf.add("general.alignment", 4, bytes(UInt32(64)))
    gguf.addTensor("a", [2], offset: 0)
    gguf.addTensor("b", [1], offset: 64)
    gguf.data = [UInt8](repeating: 0, count: 66) + [0x80, 0x3F]
    gguf.alignment = 64
    let file = try GGUFFile(path: gguf.file())
    #expect(try file.tensor(named: "a")?.floats() == [0, 0])
    #expect(try file.tensor(named: "b")?.floats() == [1])
  }
}

/// A GGUF file put together byte by byte, so that each part can lie.
struct GGUFBytes {
  var magic = Array("GGUF".utf8)
  var version: UInt32 = 3
  var alignment = 32
  var data: [UInt8] = []
  var keyCount: UInt64?
  var tensorCount: UInt64?
  private var keys: [[UInt8]] = []
  private var tensors: [[UInt8]] = []

  mutating func add(_ key: String, _ type: UInt32, _ value: [UInt8]) {
    keys.append(bytes(UInt64(key.utf8.count)) + Array(key.utf8) + bytes(type) + value)
  }

  mutating func addTensor(
    _ name: String, _ sizes: [UInt64], type: UInt32 = 0, offset: UInt64 = 0
  ) {
    tensors.append(
      bytes(UInt64(name.utf8.count)) + Array(name.utf8) + bytes(UInt32(sizes.count))
        + sizes.flatMap { bytes($0) } + bytes(type) + bytes(offset))
  }

  var all: [UInt8] {
    var all = magic + bytes(version)
    all += bytes(tensorCount ?? UInt64(tensors.count)) + bytes(keyCount ?? UInt64(keys.count))
    all += keys.flatMap { $0 } + tensors.flatMap { $0 }
    all += [UInt8](repeating: 0, count: (alignment - all.count % alignment) % alignment)
    return all + data
  }

  func file() throws -> String { try CheckpointsTests.file(all, "model.gguf") }
}
