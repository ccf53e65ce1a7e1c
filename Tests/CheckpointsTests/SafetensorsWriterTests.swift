import Checkpoints
import Files
import TestTools
import Testing

@Suite struct SafetensorsWriterTests {
  /// The library wrote these files from the same tensors.
  @Test(arguments: ["types.safetensors", "rounding.safetensors"])
  func writesTheLibrarysBytes(_ name: String) throws {
    let source = try SafetensorsFile(path: Fixtures.path(name))
    let path = try temporaryFolder() + "/" + name
    try writeSafetensors(path, source.tensors.reversed().map { WritableTensor(copying: $0) })
    #expect(try MappedFile(path: path).withBytes(Array.init) == Fixtures.bytes(name))
  }

  @Test func roundsAsTorchRounds() throws {
    let source = try SafetensorsFile(path: Fixtures.path("rounding.safetensors"))
    let floats = try #require(source.tensor(named: "f32"))
    let path = try temporaryFolder() + "/x.safetensors"
    try writeSafetensors(
      path,
      [
        WritableTensor(copying: floats), WritableTensor(copying: floats, name: "bf16", type: .bf16),
        WritableTensor(copying: floats, name: "f16", type: .f16),
      ])
    #expect(
      try MappedFile(path: path).withBytes(Array.init) == Fixtures.bytes("rounding.safetensors"))
  }

  /// Against the language's own conversion: every value of f16, its neighbours in f32 and the
  /// values halfway to the next.
  @Test func halvesRoundAsTheLanguageRounds() throws {
    let values = (0..<UInt16(0x7C01)).flatMap { pattern -> [Float] in
      let value = Float(Float16(bitPattern: pattern))
      let next = Float(Float16(bitPattern: pattern + 1))
      let halfway = next.isFinite ? (value + next) / 2 : 65520
      return [value, halfway, halfway.nextUp, halfway.nextDown, -value.nextUp, -halfway]
    }.filter { !$0.isNaN }
    let path = try temporaryFolder() + "/x.safetensors"
    try writeSafetensors(
      path, [WritableTensor(name: "x", type: .f16, shape: [values.count], floats: values)])
    let read = try #require(SafetensorsFile(path: path).tensor(named: "x")).floats()
    #expect(read.count == values.count)
    for (value, read) in zip(values, read) where read != Float(Float16(value)) {
      Issue.record("\(value): \(read), not \(Float16(value))")
    }
  }

  @Test func aNaNStaysOne() throws {
    let path = try temporaryFolder() + "/x.safetensors"
    let values = [Float.nan, Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0xFFFF_FFFF)]
    for type in [StoredType.bf16, .f16, .f64, .f32] {
      try writeSafetensors(
        path, [WritableTensor(name: "x", type: type, shape: [3], floats: values)])
      let read = try #require(SafetensorsFile(path: path).tensor(named: "x")).floats()
      #expect(read.map(\.isNaN) == [true, true, true])
    }
  }

  @Test func longTensorsAreAskedForInPieces() throws {
    let path = try temporaryFolder() + "/x.safetensors"
    let count = 200_001
    var next = 0
    let tensor = WritableTensor(
      name: "x", type: .i32, shape: [3, count / 3],
      values: .integers { range, output in
        #expect(range.lowerBound == next)
        next = range.upperBound
        for (index, element) in range.enumerated() { output[index] = Int64(element) - 7 }
      })
    try writeSafetensors(path, [tensor], metadata: [])
    let read = try SafetensorsFile(path: path)
    #expect(read.metadata.isEmpty)
    #expect(try read.tensor(named: "x")?.integers() == (0..<Int64(count)).map { $0 - 7 })
  }

  @Test func nothingIsNothing() throws {
    let path = try temporaryFolder() + "/x.safetensors"
    try writeSafetensors(path, [])
    let read = try SafetensorsFile(path: path)
    #expect(read.tensors.isEmpty)
    #expect(read.metadata.map(\.key) == ["format"] && read.metadata.map(\.value) == ["pt"])
  }

  @Test func whatCannotBeWrittenIsRefused() throws {
    let path = try temporaryFolder() + "/x.safetensors"
    func expect(_ error: String, _ tensors: WritableTensor...) {
      expectError(error) { try writeSafetensors(path, tensors) }
      #expect(kind(ofFile: path) == .missing)
    }
    let one = WritableTensor(name: "a", shape: [1], floats: [1])
    expect("a: is to be written twice", one, one)
    expect(
      "a: safetensors has no type q4_1; write it as f32 or bf16",
      WritableTensor(name: "a", type: .q4_1, shape: [1], floats: [1]))
    expect(
      "a: cannot write floats as i64",
      WritableTensor(name: "a", type: .i64, shape: [1], floats: [1])
    )
    expect(
      "a: cannot write integers as f32",
      WritableTensor(name: "a", type: .f32, shape: [1], integers: [1]))
    expect(
      "a: 256 does not fit u8, which holds 0 to 255",
      WritableTensor(name: "a", type: .u8, shape: [2], integers: [3, 256]))
    expect(
      "__metadata__: no tensor of this name can be written",
      WritableTensor(name: "__metadata__", shape: [1], floats: [1]))
    expect(
      "a: cannot write the shape [4611686018427387904, 2]: too many elements",
      WritableTensor(
        name: "a", type: .f32, shape: [1 << 62, 2], values: .floats { _, _ in Issue.record() }))
  }

  @Test func afterAFailureTheOldFileIsThere() throws {
    let path = try temporaryFolder() + "/x.safetensors"
    try writeSafetensors(path, [WritableTensor(name: "a", shape: [1], floats: [1])])
    struct Stop: Error {}
    let failing = WritableTensor(
      name: "b", type: .f32, shape: [1], values: .floats { _, _ in throw Stop() })
    #expect(throws: Stop.self) { try writeSafetensors(path, [failing]) }
    #expect(try SafetensorsFile(path: path).tensor(named: "a")?.floats() == [1])
  }
}
