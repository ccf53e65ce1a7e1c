import AMXEmulator
import Kernels
import Testing

@Suite("CPU: bf16 units")
struct CPUBFloatUnitTests {
  /// Sizes around every edge of a block: rows of 6, 16 and 32, panels of 64 columns, pairs and
  /// steps of the inner size, and its pieces of 2048.
  static let sizes: [(rows: Int, columns: Int, inner: Int)] = [
    (2, 64, 32), (5, 1, 31), (6, 65, 33), (7, 63, 1), (16, 128, 64), (17, 130, 70), (31, 96, 2050),
    (32, 64, 2048), (33, 200, 96), (64, 576, 48), (47, 321, 100), (300, 70, 64),
  ]

  @Test(
    "tiles are what multiplies",
    .enabled(if: amx_emulator_is_needed() && BFloatUnits.testable.contains(.tiles)))
  func tilesMultiply() throws {
    try BFloatUnits.tiles.emulated {
      let before = amx_emulator_count(AMX_TDPBF16PS)
      _ = try product(on: CPUDevice(threads: 2, units: .tiles), (48, 64, 64), false, true, false)
      #expect(amx_emulator_count(AMX_TDPBF16PS) >= before + 24)
    }
  }

  @Test("products are those of the rounded operands", arguments: BFloatUnits.testable)
  func products(_ units: BFloatUnits) throws {
    try units.emulated {
      let device = CPUDevice(threads: 2, units: units)
      for (rows, columns, inner) in Self.sizes {
        for (transposeLeft, transposeRight) in [(false, false), (false, true), (true, false)] {
          for accumulates in [false, true] {
            let sizes = (rows, columns, inner)
            let product = { (device: CPUDevice) in
              try self.product(on: device, sizes, transposeLeft, transposeRight, accumulates)
            }
            let wanted = try product(CPUDevice(threads: 1, instructionSet: .avx2)).map(Double.init)
            let error = try relativeError(product(device), wanted)
            // Both sum in f32, in orders of their own.
            #expect(error < 2e-6, "\(sizes) \(transposeLeft) \(transposeRight) \(accumulates)")
          }
        }
      }
    }
  }

  private func product(
    on device: CPUDevice, _ sizes: (rows: Int, columns: Int, inner: Int), _ transposeLeft: Bool,
    _ transposeRight: Bool, _ accumulates: Bool
  ) throws -> [Float] {
    device.use(.bf16)
    let out = try device.floats(uniform(sizes.rows * sizes.columns, seed: 3))
    var product = MatrixProduct(
      try device.floats(uniform(sizes.rows * sizes.inner, seed: 1)),
      try device.floats(uniform(sizes.inner * sizes.columns, seed: 2)), to: out,
      rows: sizes.rows, columns: sizes.columns, inner: sizes.inner,
      transposeLeft: transposeLeft, transposeRight: transposeRight)
    product.accumulates = accumulates
    try device.multiply(product)
    return try device.read(out)
  }

  @Test(
    "the gated product is its two products and the activation", arguments: BFloatUnits.testable)
  func gated(_ units: BFloatUnits) throws {
    try units.emulated {
      for (rows, columns, inner) in Self.sizes {
        for keepsGate in [false, true] {
          let device = CPUDevice(threads: 2, units: units)
          device.use(.bf16)
          let whole = try device.blank(rows * columns)
          let wholeGate = keepsGate ? try device.blank(rows * columns) : nil
          var product = GatedProduct(
            try device.floats(uniform(rows * inner, seed: 1)),
            gate: try device.floats(uniform(columns * inner, seed: 2)),
            up: try device.floats(uniform(columns * inner, seed: 3)), to: whole, rows: rows,
            columns: columns, inner: inner)
          product.projectedGate = wholeGate
          try device.multiply(product)
          let (parts, partsGate) = try (device.blank(rows * columns), device.blank(rows * columns))
          product.out = parts
          product.projectedGate = partsGate
          try device.multiplySeparately(product)
          #expect(
            identical(try device.read(whole), try device.read(parts)), "\((rows, columns, inner))")
          if let wholeGate {
            #expect(identical(try device.read(wholeGate), try device.read(partsGate)))
          }
        }
      }
    }
  }

  @Test("a product starts from its addend", arguments: BFloatUnits.testable)
  func addend(_ units: BFloatUnits) throws {
    try units.emulated {
      for (rows, columns, inner) in Self.sizes {
        let device = CPUDevice(threads: 2, units: units)
        device.use(.bf16)
        let addend = uniform(rows * columns, seed: 3)
        var product = MatrixProduct(
          try device.floats(uniform(rows * inner, seed: 1)),
          try device.floats(uniform(inner * columns, seed: 2)),
          to: try device.blank(rows * columns),
          rows: rows, columns: columns, inner: inner)
        product.addend = try device.floats(addend)
        try device.multiply(product)
        let found = try device.read(product.out)
        product.addend = nil
        product.accumulates = true
        product.out = try device.floats(addend)
        try device.multiply(product)
        #expect(identical(found, try device.read(product.out)), "\((rows, columns, inner))")
      }
    }
  }
}
