import AMXEmulator
import Kernels
import Testing

extension BFloatUnits {
  /// Those whose code can run here: of the processor, or tiles that are emulated.
  static var testable: [BFloatUnits] {
    allCases.filter { $0 == .tiles ? canEmulate : available.contains($0) }
  }

  private static var canEmulate: Bool {
    guard amx_emulator_install() else { return false }
    amx_emulator_remove()
    // What is around the tiles is AVX-512.
    return available.contains(.dots)
  }

  /// Runs what uses these units, emulated where the processor lacks them.
  func emulated(_ body: () throws -> Void) throws {
    guard self == .tiles else { return try body() }
    try #require(amx_emulator_install())
    defer { amx_emulator_remove() }
    try body()
  }
}
