import AMXEmulator
import TestTools
import Testing

/// The 64 bytes of LDTILECFG for tiles with so many rows of so many bytes.
func configuration(_ tiles: [Int: (rows: Int, bytes: Int)]) -> [UInt8] {
  var out = [UInt8](repeating: 0, count: 64)
  out[0] = 1
  for (tile, shape) in tiles {
    out[16 + 2 * tile] = UInt8(shape.bytes)
    out[48 + tile] = UInt8(shape.rows)
  }
  return out
}

/// The configuration of one product: the result's tile, the left factor's, the right one's.
func productConfiguration(
  rows: Int, pairs: Int, columns: Int, tiles: [Int] = [0, 1, 2]
) -> [UInt8] {
  configuration([
    tiles[0]: (rows, 4 * columns), tiles[1]: (rows, 4 * pairs), tiles[2]: (pairs, 4 * columns),
  ])
}

/// Rows of 4-byte elements with a gap between them that must keep its filling.
struct Matrix {
  let rows: Int
  let columns: Int
  /// Elements from one row to the next.
  let stride: Int
  /// All elements, of f32 or a pair of bf16, those of the gaps too.
  var elements: [UInt32]

  /// What gaps are filled with.
  static let filling: UInt32 = 0x7FC0_DEAD

  init(rows: Int, columns: Int, gap: Int = 0, element: (Int, Int) -> UInt32) {
    self.rows = rows
    self.columns = columns
    stride = columns + gap
    elements = .init(repeating: Self.filling, count: rows * (columns + gap))
    for row in 0..<rows {
      for column in 0..<columns { elements[row * stride + column] = element(row, column) }
    }
  }

  subscript(row: Int, column: Int) -> UInt32 { elements[row * stride + column] }

  /// Hands the memory to an exercise.
  mutating func withMemory<R>(_ body: (amx_matrix) -> R) -> R {
    elements.withUnsafeMutableBytes {
      body(amx_matrix(bytes: $0.baseAddress, stride: 4 * stride))
    }
  }
}

/// Random bits as bf16 numbers of moderate size, of both signs.
struct RandomElements {
  var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// A number from -4 to 4 as its f32 bits.
  mutating func float() -> UInt32 { Float.random(in: -4...4, using: &generator).bitPattern }

  /// Two bf16 numbers, the even one in the low half.
  mutating func pair() -> UInt32 { float() >> 16 | (float() & 0xFFFF_0000) }

  mutating func floats(_ rows: Int, _ columns: Int, gap: Int = 0) -> Matrix {
    Matrix(rows: rows, columns: columns, gap: gap) { _, _ in float() }
  }

  mutating func pairs(_ rows: Int, _ columns: Int, gap: Int = 0) -> Matrix {
    Matrix(rows: rows, columns: columns, gap: gap) { _, _ in pair() }
  }
}

/// Whether AMX code runs here, emulated or not: on x86-64 Linux with AVX2 and FMA.
let canRunAMX: Bool = {
  guard amx_emulator_install() else { return false }
  amx_emulator_remove()
  return true
}()

/// Runs a body with AMX code runnable.
func withAMX<R>(_ body: () throws -> R) throws -> R {
  try #require(amx_emulator_install(), "AMX code cannot run here")
  defer { amx_emulator_remove() }
  return try body()
}
