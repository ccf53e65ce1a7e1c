import AMXEmulator
import Foundation
import Testing

/// Loads, stores, zeroing and configurations of compiled AMX code.
@Suite("AMX: movement", .enabled(if: canRunAMX)) struct MovementTests {
  @Test func copiesOfAllShapes() throws {
    var random = RandomElements(seed: 5)
    try withAMX {
      for rows in 1...16 {
        for columns in 1...16 {
          var from = random.floats(rows, columns, gap: rows % 5)
          var to = Matrix(rows: rows, columns: columns, gap: columns % 3) { _, _ in 0 }
          let expected = Matrix(rows: rows, columns: columns, gap: columns % 3) { from[$0, $1] }
          from.withMemory { from in
            to.withMemory {
              amx_exercise_copy(configuration([3: (rows, 4 * columns)]), from, $0)
            }
          }
          try #require(to.elements == expected.elements, "\(rows) x \(columns)")
        }
      }
    }
  }

  @Test func stridesMayBeNegative() throws {
    var random = RandomElements(seed: 6)
    var from = random.floats(7, 3)
    var to = random.floats(7, 3)
    try withAMX {
      from.withMemory { memory in
        let last = amx_matrix(bytes: memory.bytes + 6 * memory.stride, stride: -memory.stride)
        to.withMemory { amx_exercise_copy(configuration([3: (7, 12)]), last, $0) }
      }
    }
    for row in 0..<7 {
      for column in 0..<3 { #expect(to[row, column] == from[6 - row, column]) }
    }
  }

  /// The last byte of the last row is the last before memory that may not be touched.
  @Test func nothingBeyondTheTileIsTouched() throws {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let memory = mmap(nil, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    let bytes = try #require(memory)
    try #require(bytes != MAP_FAILED)
    defer { munmap(bytes, 3 * page) }
    try #require(mprotect(bytes + page, page, PROT_READ | PROT_WRITE) == 0)
    try withAMX {
      for (rows, width) in [(1, 4), (3, 20), (16, 64)] {
        let shapes = configuration([3: (rows, width)])
        let first = amx_matrix(bytes: bytes + page, stride: 64)
        let last = amx_matrix(bytes: bytes + 2 * page - (rows - 1) * 64 - width, stride: 64)
        amx_exercise_copy(shapes, first, last)
        amx_exercise_copy(shapes, last, first)
      }
    }
  }

  @Test func zeroing() throws {
    let shapes = configuration([3: (5, 28)])
    var old = Matrix(rows: 5, columns: 7, gap: 1) { _, _ in 9 }
    var (loaded, zeroed) = (old, old)
    try withAMX {
      old.withMemory { old in
        loaded.withMemory { loaded in
          zeroed.withMemory { amx_exercise_zero(shapes, old, loaded, $0) }
        }
      }
    }
    let zeros = Matrix(rows: 5, columns: 7, gap: 1) { _, _ in 0 }
    #expect(old.elements == zeros.elements)
    #expect(loaded.elements == Matrix(rows: 5, columns: 7, gap: 1) { _, _ in 0x0404_0404 }.elements)
    #expect(zeroed.elements == zeros.elements)
  }

  /// Every base and index register; the memory around the matrix is a stack for base RSP.
  @Test(arguments: 0..<AMX_ADDRESS_VARIANTS) func addresses(_ variant: Int32) throws {
    var random = RandomElements(seed: 7)
    let source = random.floats(16, 16)
    var room = [UInt32](repeating: 0, count: 1 << 16)
    let place = 1 << 15
    room.replaceSubrange(place..<(place + 256), with: source.elements)
    var to = Matrix(rows: 16, columns: 16) { _, _ in 0 }
    try withAMX {
      room.withUnsafeMutableBytes { room in
        let from = amx_matrix(bytes: room.baseAddress.map { $0 + 4 * place }, stride: 64)
        to.withMemory {
          amx_exercise_address(configuration([5: (16, 64)]), variant, from, $0)
        }
      }
    }
    // Without an index all rows are the first.
    let expected = Matrix(rows: 16, columns: 16) { source[variant == 3 ? 0 : $0, $1] }
    #expect(to.elements == expected.elements)
  }

  /// No base register: SIB with base 5 and mod 0 means 32 bits of displacement alone.
  @Test func absoluteAddress() throws {
    let low = mmap(
      nil, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | Int32(MAP_32BIT), -1, 0)
    let memory = try #require(low)
    try #require(memory != MAP_FAILED)
    defer { munmap(memory, 4096) }
    for byte in 0..<128 { memory.storeBytes(of: UInt8(byte), toByteOffset: byte, as: UInt8.self) }
    let address = withUnsafeBytes(of: Int32(Int(bitPattern: memory))) { [UInt8]($0) }
    memory.copyMemory(from: configuration([1: (2, 64)]), byteCount: 64)
    // ldtilecfg (%rdi); tileloadd address(,%rsi,2), %tmm1; tilestored %tmm1, 1024(%rdi,%rsi,1);
    // tilerelease
    let code: [UInt8] =
      [0xC4, 0xE2, 0x78, 0x49, 0x07]
      + [0xC4, 0xE2, 0x7B, 0x4B, 0x0C, 0x75] + address
      + [0xC4, 0xE2, 0x7A, 0x4B, 0x8C, 0x37, 0, 4, 0, 0]
      + [0xC4, 0xE2, 0x78, 0x49, 0xC0]
    try withAMX {
      #expect(amx_exercise_code(code, Int32(code.count), memory, 32) == 0)
    }
    // Rows 64 bytes apart were loaded, and stored 32 bytes apart, the second over the first's half.
    let bytes = UnsafeRawBufferPointer(start: memory, count: 4096)
    #expect(Array(bytes[1024..<1056]) == Array(bytes[0..<32]))
    #expect(Array(bytes[1056..<1120]) == Array(bytes[64..<128]))
  }

  @Test func configurationsAreStored() throws {
    var during = [UInt8](repeating: 9, count: 64)
    var after = during
    try withAMX { amx_exercise_configurations(&during, &after) }
    // Byte by byte: the constant is a tuple in Swift.
    let expected = withUnsafeBytes(of: amx_constant_configuration) { [UInt8]($0) }
    #expect(during == expected)
    #expect(after == [UInt8](repeating: 0, count: 64))
  }

  /// A load and a store begin at start_row, which the load sets back to zero.
  @Test func startRow() throws {
    var shapes = configuration([3: (4, 8)])
    shapes[1] = 2
    var from = Matrix(rows: 4, columns: 2) { row, _ in UInt32(row + 1) }
    var to = Matrix(rows: 4, columns: 2) { _, _ in 9 }
    try withAMX {
      from.withMemory { from in to.withMemory { amx_exercise_copy(shapes, from, $0) } }
    }
    #expect(to.elements == [0, 0, 0, 0, 3, 3, 4, 4])
  }
}
