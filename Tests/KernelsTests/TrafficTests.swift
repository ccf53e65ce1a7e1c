import Kernels
import TestFixtures
import Testing

@Suite("Traffic")
struct TrafficTests {
  @Test("copies and products are counted, with their bytes", arguments: testDeviceKinds)
  func counts(_ test: TestDevice) throws {
    let device = try test.fresh()
    #expect(device.traffic == Traffic())
    let x = try device.floats([1, 2, 3, 4])
    let ids = try device.ints([7])
    let filled = try device.allocate(6, .f32)
    try device.produce(filled.start, count: 6, granularity: 1) { output, range in
      for place in range { output[place - range.lowerBound] = Float(place) }
    }
    var wanted = Traffic()
    wanted.uploads = 3
    wanted.uploadedBytes = 16 + 8 + 24
    #expect(device.traffic == wanted)

    let before = device.traffic
    let out = try device.allocate(4, .f32)
    let product = MatrixProduct(x, x, to: out.start, rows: 2, columns: 2, inner: 2)
    try device.multiply(product)
    try device.scale(x, by: 2, to: out.start, count: 4)
    #expect(try device.read(out.start) == [2, 4, 6, 8])
    #expect(try device.readInts(ids) == [7])
    device.exchange(x.buffer, out)
    wanted = Traffic()
    wanted.downloads = 2
    wanted.downloadedBytes = 16 + 8
    wanted.products = 1
    // The cpu starts no kernels; elsewhere `scale` is one.
    wanted.launches = device.name == "cpu" ? 0 : 1
    #expect(device.traffic - before == wanted)
  }
}
