import AMXEmulator
import Testing

/// Products of compiled AMX code against the manual's formula, bit for bit. Where the processor has
/// AMX they hold it to the same formula.
@Suite("AMX: products", .enabled(if: canRunAMX)) struct ProductTests {
  private func product(
    _ configuration: [UInt8], _ out: inout Matrix, _ left: Matrix, _ right: Matrix, times: Int = 1
  ) {
    var (left, right) = (left, right)
    left.withMemory { left in
      right.withMemory { right in
        out.withMemory { amx_exercise_product(configuration, $0, left, right, Int32(times)) }
      }
    }
  }

  @Test func allShapes() throws {
    var random = RandomElements(seed: 1)
    try withAMX {
      for rows in 1...16 {
        for pairs in 1...16 {
          for columns in 1...16 {
            let left = random.pairs(rows, pairs, gap: rows % 3)
            let right = random.pairs(pairs, columns, gap: columns % 2)
            var out = random.floats(rows, columns, gap: pairs % 4)
            var expected = out
            addProduct(left, right, to: &expected)
            product(
              productConfiguration(rows: rows, pairs: pairs, columns: columns), &out, left, right)
            try #require(out.elements == expected.elements, "\(rows) x \(pairs) x \(columns)")
          }
        }
      }
    }
  }

  @Test func accumulation() throws {
    var random = RandomElements(seed: 2)
    let (left, right) = (random.pairs(16, 16), random.pairs(16, 16))
    var out = random.floats(16, 16)
    var expected = out
    for _ in 0..<100 { addProduct(left, right, to: &expected) }
    try withAMX {
      product(
        productConfiguration(rows: 16, pairs: 16, columns: 16), &out, left, right, times: 100)
    }
    #expect(out.elements == expected.elements)
  }

  @Test func zeroedResultOfStreamedFactors() throws {
    var random = RandomElements(seed: 3)
    var (left, right) = (random.pairs(5, 9, gap: 2), random.pairs(9, 13, gap: 1))
    var expected = Matrix(rows: 5, columns: 13, gap: 3) { _, _ in 0 }
    var out = random.floats(5, 13, gap: 3)
    addProduct(left, right, to: &expected)
    let shapes = productConfiguration(rows: 5, pairs: 9, columns: 13, tiles: [7, 5, 6])
    try withAMX {
      left.withMemory { left in
        right.withMemory { right in
          out.withMemory { amx_exercise_fresh_product(shapes, $0, left, right) }
        }
      }
    }
    #expect(out.elements == expected.elements)
  }

  @Test func blocksInEightTiles() throws {
    var random = RandomElements(seed: 4)
    let pairs = 64
    var (left, right) = (random.pairs(32, pairs, gap: 5), random.pairs(pairs, 32, gap: 7))
    var out = random.floats(32, 32, gap: 1)
    var expected = out
    for k in stride(from: 0, to: pairs, by: 16) {
      let leftPart = Matrix(rows: 32, columns: 16) { left[$0, k + $1] }
      let rightPart = Matrix(rows: 16, columns: 32) { right[k + $0, $1] }
      addProduct(leftPart, rightPart, to: &expected)
    }
    try withAMX {
      left.withMemory { left in
        right.withMemory { right in
          out.withMemory { amx_exercise_blocked_product($0, left, right, Int32(pairs)) }
        }
      }
    }
    #expect(out.elements == expected.elements)
  }

  /// Each of these would come out otherwise with gradual underflow.
  @Test func denormalsAreZero() throws {
    // Even elements of the left factor, the right one and the result before, and the result.
    let large: UInt32 = 0x7E80  // 2^126
    let small: UInt32 = 0x1F80  // 2^-64
    let cases: [(left: UInt32, right: UInt32, before: UInt32, after: UInt32)] = [
      (0x0040, large, 0, 0),  // a denormal factor
      (large, 0x0040, 0, 0),
      (small, small, 0, 0),  // a denormal product
      (0, 0, 0x0000_0001, 0),  // a denormal result before
      (0x0080, 0x3F80, 0x8080_0001, 0x8000_0000),  // 2^-126 and just below its negative
      (0x0080, 0x3F80, 0, 0x0080_0000),  // the smallest normal number stays
    ]
    for item in cases {
      let left = Matrix(rows: 1, columns: 1) { _, _ in item.left }
      let right = Matrix(rows: 1, columns: 1) { _, _ in item.right }
      var out = Matrix(rows: 1, columns: 1) { _, _ in item.before }
      try withAMX {
        product(productConfiguration(rows: 1, pairs: 1, columns: 1), &out, left, right)
      }
      #expect(out.elements == [item.after], "\(item)")
    }
  }

  /// 1 + 2^-7 squared has a last bit that a rounded product would lose beside 2^10.
  @Test func productsAreFused() throws {
    let factor: UInt32 = 0x3F81
    // -(1 + 2^-6) from the first pair's product leaves 2^-14 only of the unrounded square.
    let left = Matrix(rows: 1, columns: 2) { _, k in k == 0 ? 0xBF80 : factor }
    let right = Matrix(rows: 2, columns: 1) { k, _ in k == 0 ? 0x3F82 : factor }
    var out = Matrix(rows: 1, columns: 1) { _, _ in 0 }
    try withAMX {
      product(productConfiguration(rows: 1, pairs: 2, columns: 1), &out, left, right)
    }
    #expect(Float(bitPattern: out[0, 0]) == 0x1p-14)
  }
}
