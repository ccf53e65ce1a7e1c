import Kernels
import TestFixtures
import Testing

@Suite("Listed products")
struct ProductLogTests {
  @Test(
    "shapes are listed with their counts, those computed again left out", arguments: testDeviceKinds
  )
  func lists(_ test: TestDevice) throws {
    let device = try test.fresh()
    let x = try device.floats([1, 2, 3, 4, 5, 6])
    let out = try device.allocate(9, .f32)
    var product = MatrixProduct(x, x, to: out.start, rows: 2, columns: 2, inner: 3)
    try device.multiply(product)
    device.startListingProducts()
    for _ in 0..<3 { try device.multiply(product) }
    let first = ProductShape(product)
    product.transposeRight = true
    product.rightIsWeight = true
    try device.multiply(product)
    let second = ProductShape(product)
    product.isRecomputed = true
    try device.multiply(product)
    #expect(device.stopListingProducts() == [first: 3, second: 1])
    try device.multiply(product)
    #expect(device.stopListingProducts() == [first: 3, second: 1])
    device.startListingProducts()
    #expect(device.stopListingProducts().isEmpty)
  }

  @Test("a shape makes the product it was taken of", arguments: testDeviceKinds)
  func repeats(_ test: TestDevice) throws {
    let device = try test.device
    let left = try device.floats((0..<12).map { Float($0) })
    let right = try device.floats((0..<8).map { Float($0) / 2 })
    let (out, again) = (
      try device.floats([1, 2, 3, 4, 5, 6, 7, 8]), try device.floats([1, 2, 3, 4, 5, 6, 7, 8])
    )
    var product = MatrixProduct(
      left, right, to: out, rows: 2, columns: 2, inner: 2, transposeLeft: true)
    (product.batch, product.leftStride, product.rightStride) = (2, 4, 2)
    product.accumulates = true
    try device.multiply(product)
    let shape = ProductShape(product)
    #expect((shape.leftCount, shape.rightCount, shape.outCount) == (8, 6, 8))
    try device.multiply(shape.product(left, right, to: again))
    #expect(try device.read(again) == device.read(out))
  }
}
