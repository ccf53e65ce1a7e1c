import AMXEmulator
import Foundation
import Testing

/// What a processor with AMX refuses ends the process, with the reason on stderr.
@Suite("AMX: refusals", .enabled(if: canRunAMX && amx_emulator_is_needed())) struct RefusalTests {
  private func expectMessage(
    _ message: String, in result: ExitTest.Result?,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains("AMX emulator: ") && text.contains("refused: \(message)"),
      "\(text)", sourceLocation: sourceLocation)
  }

  /// Configurations of tile 3 with some bytes replaced.
  @Test(
    arguments: [
      ([0: 2], "the palette is neither 0 nor 1"),
      ([2: 1], "a reserved byte of the configuration is not zero"),
      ([15: 1], "a reserved byte of the configuration is not zero"),
      ([32: 1], "a reserved byte of the configuration is not zero"),
      ([47: 1], "a reserved byte of the configuration is not zero"),
      ([56: 1], "a reserved byte of the configuration is not zero"),
      ([63: 128], "a reserved byte of the configuration is not zero"),
      ([51: 17], "a tile has more than 16 rows"),
      ([22: 68], "a tile's rows have more than 64 bytes"),
      ([23: 1], "a tile's rows have more than 64 bytes"),
      ([51: 0], "a tile has rows without bytes or bytes without rows"),
      ([22: 0], "a tile has rows without bytes or bytes without rows"),
      ([22: 6], "the tile's rows are not whole elements of 4 bytes"),
      ([1: 4], "start_row is beyond the tile's rows"),
      ([0: 0], "no tile is configured"),
      ([22: 0, 51: 0, 20: 4, 50: 1], "the tile is not configured"),
    ] as [([Int: UInt8], String)])
  func configurations(_ changes: [Int: UInt8], _ message: String) async {
    var shapes = configuration([3: (4, 16)])
    for (place, value) in changes { shapes[place] = value }
    let result = await #expect(
      processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]
    ) { [shapes = shapes as [UInt8]] in
      var matrix = Matrix(rows: 16, columns: 16) { _, _ in 0 }
      try withAMX { matrix.withMemory { amx_exercise_copy(shapes, $0, $0) } }
    }
    expectMessage(message, in: result)
  }

  /// Rows and bytes a row of the result, the left factor and the right one.
  @Test(
    arguments: [
      ([5, 12, 4, 16, 4, 12], "result and left factor differ in rows"),
      ([4, 12, 4, 16, 4, 16], "result and right factor differ in bytes a row"),
      (
        [4, 12, 4, 16, 5, 12],
        "the left factor's pairs in a row are not as many as the right factor's rows"
      ),
      ([4, 12, 4, 16, 0, 0], "the tile is not configured"),
    ] as [([Int], String)])
  func shapes(_ sizes: [Int], _ message: String) async {
    let shapes = configuration([
      0: (sizes[0], sizes[1]), 1: (sizes[2], sizes[3]), 2: (sizes[4], sizes[5]),
    ])
    let result = await #expect(
      processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]
    ) { [shapes = shapes as [UInt8]] in
      var matrix = Matrix(rows: 16, columns: 16) { _, _ in 0 }
      try withAMX { matrix.withMemory { amx_exercise_product(shapes, $0, $0, $0, 1) } }
    }
    expectMessage(message, in: result)
  }

  @Test(arguments: 0..<5) func withoutConfiguration(_ which: Int) async {
    let result = await #expect(
      processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]
    ) { [which = which as Int] in
      var memory = [UInt8](repeating: 0, count: 1024)
      try withAMX { amx_exercise_unconfigured(Int32(which), &memory) }
    }
    expectMessage("no tile is configured", in: result)
  }

  @Test func afterRelease() async {
    let result = await #expect(
      processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]
    ) {
      var matrix = Matrix(rows: 16, columns: 16) { _, _ in 0 }
      try withAMX {
        matrix.withMemory { amx_exercise_copy(configuration([3: (4, 16)]), $0, $0) }
        matrix.withMemory { amx_exercise_unconfigured(0, $0.bytes) }
      }
    }
    expectMessage("no tile is configured", in: result)
  }

  /// Encodings that no assembler writes, behind a configuration of 8 full tiles.
  @Test(
    arguments: [
      ([0xC4, 0xE2, 0x6A, 0x5C, 0xC0], "two of the three tiles are the same"),  // 0, 0, 2
      ([0xC4, 0xE2, 0x7A, 0x5C, 0xC1], "two of the three tiles are the same"),  // 0, 1, 0
      ([0xC4, 0xE2, 0x72, 0x5C, 0xC1], "two of the three tiles are the same"),  // 0, 1, 1
      ([0xC4, 0x62, 0x6A, 0x5C, 0xC1], "there is no tile over 7"),
      ([0xC4, 0xC2, 0x6A, 0x5C, 0xC1], "there is no tile over 7"),
      ([0xC4, 0xE2, 0x32, 0x5C, 0xC1], "there is no tile over 7"),
      ([0xC4, 0xE2, 0x6E, 0x5C, 0xC1], "VEX.L is not 0"),
      ([0xC4, 0xE2, 0xEA, 0x5C, 0xC1], "VEX.W is not 0"),
      ([0xC4, 0xE2, 0x7B, 0x4B, 0x07], "the memory operand has no SIB byte"),
      ([0xC4, 0xE2, 0x73, 0x49, 0xC0], "VEX.vvvv is not 1111b"),
      ([0xC4, 0xE2, 0x6A, 0x5C, 0x07], "this AMX instruction is not emulated"),
      ([0xC4, 0xE2, 0x7B, 0x49, 0xC1], "this AMX instruction is not emulated"),
      ([0xC4, 0xE2, 0x6B, 0x5E, 0xC1], "this AMX instruction is not emulated"),  // TDPBSSD
      ([0xC4, 0xE2, 0x6B, 0x5C, 0xC1], "this AMX instruction is not emulated"),  // TDPFP16PS
    ] as [([UInt8], String)])
  func encodings(_ instruction: [UInt8], _ message: String) async {
    let result = await #expect(
      processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]
    ) { [instruction = instruction as [UInt8]] in
      var shapes = configuration(.init(uniqueKeysWithValues: (0..<8).map { ($0, (16, 64)) }))
      let loadConfiguration: [UInt8] = [0xC4, 0xE2, 0x78, 0x49, 0x07]
      let code = loadConfiguration + instruction
      try withAMX { _ = amx_exercise_code(code, Int32(code.count), &shapes, 0) }
    }
    expectMessage(message, in: result)
  }
}
