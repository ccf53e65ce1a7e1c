import Foundation
import Kernels
import TestFixtures
import Testing

@Suite("Gated products")
struct GatedProductTests {
  @Test("silu of the gate times up, kept and not", arguments: ProductTests.testProducts)
  func gated(_ test: TestDevice, _ precision: Precision) throws {
    let device = try test.device(at: precision)
    let round = ProductTests.rounding(precision)
    for (rows, columns, inner) in [
      (1, 70, 33), (1, 200, 96), (2, 1, 1), (7, 65, 40), (40, 130, 64),
    ] {
      let left = uniform(rows * inner, seed: 1)
      let weights = [2, 3].map { uniform(columns * inner, seed: $0) }
      func projected(_ weight: [Float], _ index: Int) -> Double {
        let (row, column) = (index / columns, index % columns)
        return (0..<inner).reduce(0) {
          let (x, w) = (left[row * inner + $1], weight[column * inner + $1])
          return $0 + Double(round(x)) * Double(round(w))
        }
      }
      let gates = (0..<rows * columns).map { projected(weights[0], $0) }
      let wanted = gates.enumerated().map { index, gate in
        gate / (1 + exp(-gate)) * projected(weights[1], index)
      }
      for isWeight in [false, true] {
        var product = GatedProduct(
          try device.floats(left), gate: try device.floats(weights[0]),
          up: try device.floats(weights[1]), to: try device.blank(rows * columns), rows: rows,
          columns: columns, inner: inner)
        product.rightsAreWeights = isWeight
        try device.multiply(product)
        #expect(relativeError(try device.read(product.out), wanted) < 4e-6, "\(rows) \(columns)")
        let projection = try device.blank(rows * columns)
        product.projectedGate = projection
        product.out = try device.blank(rows * columns)
        try device.multiply(product)
        #expect(relativeError(try device.read(product.out), wanted) < 4e-6, "\(rows) \(columns)")
        #expect(relativeError(try device.read(projection), gates) < 2e-6, "\(rows) \(columns)")
      }
    }
  }
}
