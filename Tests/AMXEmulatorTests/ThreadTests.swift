import AMXEmulator
import Foundation
import Testing

/// Tiles belong to a thread, and what was emulated is counted.
@Suite("AMX: threads and counts", .enabled(if: canRunAMX)) struct ThreadTests {
  /// Many products of one shape on a thread of its own. The first product that is wrong, or nil.
  private static func run(
    rows: Int, pairs: Int, columns: Int, seed: UInt64
  ) -> (failure: Int?, products: UInt64) {
    var random = RandomElements(seed: seed)
    let before = amx_emulator_thread_count(AMX_TDPBF16PS)
    let shapes = productConfiguration(rows: rows, pairs: pairs, columns: columns)
    for turn in 0..<300 {
      var (left, right) = (random.pairs(rows, pairs), random.pairs(pairs, columns))
      var out = random.floats(rows, columns)
      var expected = out
      for _ in 0..<20 { addProduct(left, right, to: &expected) }
      left.withMemory { left in
        right.withMemory { right in
          out.withMemory { amx_exercise_product(shapes, $0, left, right, 20) }
        }
      }
      if out.elements != expected.elements { return (turn, 0) }
    }
    return (nil, amx_emulator_thread_count(AMX_TDPBF16PS) - before)
  }

  @Test func twoThreadsWithDifferentConfigurations() throws {
    let shapes = [(16, 16, 16), (3, 5, 7)]
    let results = Results()
    try withAMX {
      let threads = shapes.enumerated().map { index, shape in
        Thread {
          let result = Self.run(
            rows: shape.0, pairs: shape.1, columns: shape.2, seed: UInt64(index))
          results.append(result.failure, result.products)
        }
      }
      threads.forEach { $0.start() }
      results.wait(for: shapes.count)
    }
    #expect(results.failures == [nil, nil])
    let counted: UInt64 = amx_emulator_is_needed() ? 6000 : 0
    #expect(results.products == [counted, counted])
  }

  @Test(.enabled(if: amx_emulator_is_needed())) func counts() throws {
    let kinds = [
      AMX_LDTILECFG, AMX_STTILECFG, AMX_TILERELEASE, AMX_TILEZERO, AMX_TILELOADD, AMX_TILELOADDT1,
      AMX_TILESTORED, AMX_TDPBF16PS,
    ]
    #expect(kinds.count == Int(AMX_INSTRUCTION_COUNT))
    let own = kinds.map(amx_emulator_thread_count)
    let all = kinds.map(amx_emulator_count)
    var matrix = Matrix(rows: 1, columns: 1) { _, _ in 0 }
    let shapes = productConfiguration(rows: 1, pairs: 1, columns: 1)
    let others = productConfiguration(rows: 1, pairs: 1, columns: 1, tiles: [7, 5, 6])
    var during = [UInt8](repeating: 0, count: 64)
    var after = during
    try withAMX {
      matrix.withMemory {
        amx_exercise_product(shapes, $0, $0, $0, 11)
        amx_exercise_fresh_product(others, $0, $0, $0)
        amx_exercise_configurations(&during, &after)
      }
    }
    let difference = zip(kinds.map(amx_emulator_thread_count), own).map { $0 - $1 }
    #expect(difference == [3, 2, 3, 1, 3, 2, 2, 12])
    for (index, count) in kinds.map(amx_emulator_count).enumerated() {
      // Other tests may run at the same time.
      #expect(count >= all[index] + difference[index])
    }
  }
}

/// What threads found, in the order in which they ended.
private final class Results: @unchecked Sendable {
  private let condition = NSCondition()
  private(set) var failures: [Int?] = []
  private(set) var products: [UInt64] = []

  func append(_ failure: Int?, _ count: UInt64) {
    condition.withLock {
      failures.append(failure)
      products.append(count)
      condition.signal()
    }
  }

  func wait(for count: Int) {
    condition.withLock { while failures.count < count { condition.wait() } }
  }
}
