import Kernels
import TestFixtures
import Testing

/// The memory of packed copies of weights, which the CPU's bf16 products make.
@Suite struct CPUPackedWeightTests {
  private let rows = 64
  private let columns = 512
  private let inner = 512

  private func multiply(_ weight: Region, isWeight: Bool, on device: CPUDevice) throws {
    let left = try device.floats(uniform(rows * inner, seed: 1))
    let out = try device.blank(rows * columns)
    var product = MatrixProduct(left, weight, to: out, rows: rows, columns: columns, inner: inner)
    product.rightIsWeight = isWeight
    try device.multiply(product)
  }

  @Test(arguments: BFloatUnits.available)
  func areKeptForWeightsAloneAndUntilAnExchange(_ units: BFloatUnits) throws {
    let device = CPUDevice(threads: 2, units: units)
    device.use(.bf16)
    let weights = try (0..<2).map { try device.floats(uniform(inner * columns, seed: 2 + $0)) }
    let bare = device.memory.used
    try multiply(weights[0], isWeight: false, on: device)
    #expect(device.memory.used == bare, "a matrix that is no weight is packed for one product")
    for weight in weights { try multiply(weight, isWeight: true, on: device) }
    #expect(device.memory.used == bare + 2 * inner * columns * 2)
    device.exchange(weights[0].buffer, weights[1].buffer)
    withExtendedLifetime(weights) { #expect(device.memory.used == bare) }
  }
}
