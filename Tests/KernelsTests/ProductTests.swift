import Kernels
import TestFixtures
import Testing

@Suite("Products")
struct ProductTests {
  /// Sizes of a product and which factors are stored transposed.
  struct Shape: CustomTestStringConvertible, Sendable {
    var rows: Int
    var columns: Int
    var inner: Int
    var testDescription: String { "\(rows) x \(columns) x \(inner)" }
    init(_ rows: Int, _ columns: Int, _ inner: Int) {
      (self.rows, self.columns, self.inner) = (rows, columns, inner)
    }
  }

  /// Every device at each precision that it offers.
  static let testProducts = testDevices.flatMap { test in test.precisions.map { (test, $0) } }

  static let shapes = [
    Shape(1, 1, 1), Shape(1, 130, 77), Shape(3, 65, 33), Shape(2, 200, 100), Shape(7, 5, 3),
    Shape(150, 1, 40), Shape(33, 64, 32), Shape(64, 63, 65), Shape(20, 700, 96),
    Shape(131, 257, 63), Shape(513, 70, 129), Shape(35, 70, 9000),
  ]

  /// bf16's nearest number, ties to even.
  static func rounded(_ x: Float) -> Float {
    let bits = x.bitPattern
    return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
  }

  /// What a product does to its operands first.
  static func rounding(_ precision: Precision) -> (Float) -> Float {
    switch precision {
    case .f32: { $0 }
    case .bf16: { rounded($0) }
    }
  }

  /// left · right in Double; factors stored as the product says.
  static func reference(_ p: MatrixProduct, _ left: [Float], _ right: [Float]) -> [Double] {
    (0..<p.rows * p.columns).map { index in
      let (r, c) = (index / p.columns, index % p.columns)
      var sum = 0.0
      for k in 0..<p.inner {
        let a = left[p.transposeLeft ? k * p.rows + r : r * p.inner + k]
        let b = right[p.transposeRight ? c * p.inner + k : k * p.columns + c]
        sum += Double(a) * Double(b)
      }
      return sum
    }
  }

  @Test("offers the precisions that it should and refuses the others", arguments: testDevices)
  func precisions(_ test: TestDevice) throws {
    for precision in Precision.allCases {
      if test.precisions.contains(precision) {
        #expect(try test.device(at: precision).precision == precision)
      } else {
        #expect(throws: KernelError.self) { try test.device.use(precision) }
        #expect(try test.device.precision == .f32)
      }
    }
  }

  @Test("f32 and bf16, any transposition", arguments: testDevices, shapes)
  func products(_ test: TestDevice, _ shape: Shape) throws {
    let left = uniform(shape.rows * shape.inner, seed: 1)
    let right = uniform(shape.inner * shape.columns, seed: 2)
    let before = uniform(shape.rows * shape.columns, seed: 3)
    for precision in test.precisions {
      let device = try test.device(at: precision)
      let round = Self.rounding(precision)
      for transposes in 0..<4 {
        var product = MatrixProduct(
          try device.floats(left), try device.floats(right), to: try device.floats([]),
          rows: shape.rows, columns: shape.columns, inner: shape.inner,
          transposeLeft: transposes & 1 != 0, transposeRight: transposes & 2 != 0)
        let wanted = Self.reference(product, left.map(round), right.map(round))
        let sums = zip(wanted, before).map { $0 + Double($1) }
        for bits in 0..<6 {
          product.accumulates = bits % 3 == 1
          product.addend = bits % 3 == 2 ? try device.floats(before) : nil
          product.rightIsWeight = bits >= 3
          product.out = try device.floats(product.accumulates ? before : before.map { _ in .nan })
          try device.multiply(product)
          let error = relativeError(
            try device.read(product.out), bits % 3 == 0 ? wanted : sums)
          #expect(error < 2e-6, "\(precision), transposes \(transposes), case \(bits)")
        }
      }
    }
  }

  @Test("batches, one factor for all of them too", arguments: testProducts)
  func batches(_ test: TestDevice, _ precision: Precision) throws {
    let device = try test.device(at: precision)
    let round = Self.rounding(precision)
    let (rows, columns, inner, batch) = (9, 11, 13, 5)
    let left = uniform(batch * rows * inner, seed: 1).map(round)
    let right = uniform(batch * inner * columns, seed: 2).map(round)
    let (leftSize, rightSize) = (rows * inner, inner * columns)
    for (leftStride, rightStride) in [(leftSize, rightSize), (0, rightSize), (leftSize, 0)] {
      let out = try device.blank(batch * rows * columns)
      var product = MatrixProduct(
        try device.floats(left), try device.floats(right), to: out, rows: rows, columns: columns,
        inner: inner)
      (product.batch, product.leftStride, product.rightStride) = (batch, leftStride, rightStride)
      try device.multiply(product)
      let wanted = (0..<batch).flatMap { i in
        Self.reference(
          product, Array(left[(i * leftStride)...]), Array(right[(i * rightStride)...]))
      }
      #expect(relativeError(try device.read(out), wanted) < 2e-6)
    }
  }

  @Test("sizes of zero", arguments: testProducts)
  func zeros(_ test: TestDevice, _ precision: Precision) throws {
    let device = try test.device(at: precision)
    let none = try device.floats([])
    let out = try device.floats([1, 2, 3, 4])
    var product = MatrixProduct(none, none, to: out, rows: 2, columns: 2, inner: 0)
    product.accumulates = true
    try device.multiply(product)
    #expect(try device.read(out) == [1, 2, 3, 4])
    product.accumulates = false
    try device.multiply(product)
    #expect(try device.read(out) == [0, 0, 0, 0])
    try device.multiply(MatrixProduct(none, out, to: none, rows: 0, columns: 2, inner: 2))
    try device.multiply(MatrixProduct(out, none, to: none, rows: 2, columns: 0, inner: 2))
  }

  @Test("a weight is read again when it was written", arguments: testProducts)
  func packs(_ test: TestDevice, _ precision: Precision) throws {
    for rows in [1, 40] { try packs(rows, on: test.device(at: precision)) }
  }

  private func packs(_ rows: Int, on device: any Device) throws {
    let (columns, inner) = (70, 50)
    let x = uniform(rows * inner, seed: 1).map(Self.rounded)
    let weight = try device.floats(uniform(inner * columns, seed: 2).map(Self.rounded))
    let out = try device.blank(rows * columns)
    var product = MatrixProduct(
      try device.floats(x), weight, to: out, rows: rows, columns: columns, inner: inner,
      transposeRight: true)
    product.rightIsWeight = true
    for seed: UInt64 in [2, 3, 4] {
      let values = uniform(inner * columns, seed: seed).map(Self.rounded)
      // Written by an operation, not by an upload alone.
      try device.copy(
        Strided(try device.floats(values), contiguous: [values.count]),
        to: Strided(weight, contiguous: [values.count]), shape: [values.count])
      for _ in 0..<2 {
        try device.multiply(product)
        #expect(relativeError(try device.read(out), Self.reference(product, x, values)) < 2e-6)
      }
    }
  }

  @Test("NaN and infinity pass", arguments: testProducts)
  func specials(_ test: TestDevice, _ precision: Precision) throws {
    let device = try test.device(at: precision)
    for rows in [1, 40] {
      var left = [Float](repeating: 1, count: rows * 20)
      left[3] = .infinity
      left[(rows - 1) * 20 + 4] = .nan
      let out = try device.blank(rows * 30)
      try device.multiply(
        MatrixProduct(
          try device.floats(left), try device.floats([Float](repeating: 2, count: 600)), to: out,
          rows: rows, columns: 30, inner: 20))
      let found = try device.read(out)
      #expect(found[(rows - 1) * 30].isNaN)
      if rows > 1 {
        #expect(found[0] == .infinity)
        #expect(found[30] == 40)
      }
    }
  }

  @Test("i64 products wrap around", arguments: testDevices)
  func integers(_ test: TestDevice) throws {
    let device = try test.device
    let (rows, columns, inner) = (9, 21, 13)
    let left = uniform(rows * inner, seed: 1).map { Int64($0 * 9e18) }
    let right = uniform(inner * columns, seed: 2).map { Int64($0 * 9e18) }
    let out = try device.blankInts(rows * columns)
    try device.multiplyIntegers(
      try device.ints(left), try device.ints(right), to: out, rows: rows, columns: columns,
      inner: inner)
    let wanted = (0..<rows * columns).map { index in
      (0..<inner).reduce(Int64(0)) {
        $0 &+ left[index / columns * inner + $1] &* right[$1 * columns + index % columns]
      }
    }
    #expect(try device.readInts(out) == wanted)
    try device.multiplyIntegers(
      try device.ints([]), try device.ints([]), to: out, rows: rows, columns: columns, inner: 0)
    #expect(try device.readInts(out) == wanted.map { _ in 0 })
  }
}
