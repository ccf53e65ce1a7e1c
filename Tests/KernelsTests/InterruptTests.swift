import Foundation
import Kernels
import TestFixtures
import Testing

/// The request to stop belongs to the process, so each of these has a process of its own.
@Suite("Interrupt")
struct InterruptTests {
  /// The shortest of up to three delays: a machine that is busy with other tests may be late, but
  /// not each time.
  static func delay(_ work: () throws -> Void) -> Double? {
    var shortest: Double?
    for _ in 0..<3 {
      guard let seconds = oneDelay(work) else { return nil }
      shortest = min(shortest ?? seconds, seconds)
      if seconds < 0.2 { break }
      Interrupt.clear()
    }
    return shortest
  }

  /// Requests a stop after 50 ms and returns how many seconds later `work` threw `Interrupted`; nil
  /// where it did not.
  private static func oneDelay(_ work: () throws -> Void) -> Double? {
    let requested = Date().addingTimeInterval(0.05)
    Thread.detachNewThread {
      Thread.sleep(until: requested)
      Interrupt.request()
    }
    do {
      try work()
      return nil
    } catch {
      return error is Interrupted ? Date().timeIntervalSince(requested) : nil
    }
  }

  @Test("stops a large product within 200 ms", .timeLimit(.minutes(1)), arguments: testDeviceKinds)
  func product(_ test: TestDevice) async {
    await #expect(processExitsWith: .success) { [name = test.description as String] in
      let test = try testDevice(named: name)
      let device = try test.device
      let size = 8192
      let matrix = try device.allocate(size * size, .f32)
      try device.fill(
        Strided(matrix.start, contiguous: [size * size]), shape: [size * size], with: .float(1))
      let out = try device.allocate(size * size, .f32)
      for precision in test.precisions {
        try device.use(precision)
        var product = MatrixProduct(
          matrix.start, matrix.start, to: out.start, rows: size, columns: size, inner: size)
        product.transposeRight = true
        let seconds = InterruptTests.delay {
          for _ in 0..<20 { try device.multiply(product) }
          try device.synchronize()
        }
        // A busy machine may be late by a time slice or two.
        try #require(
          seconds.map { $0 < 0.4 } == true, "\(precision): \(String(describing: seconds))")
        Interrupt.clear()

        (product.rows, product.columns, product.inner, product.batch) = (1024, 1024, 1024, 48)
        (product.leftStride, product.rightStride) = (1 << 20, 1 << 20)
        let batch = InterruptTests.delay {
          for _ in 0..<20 { try device.multiply(product) }
          try device.synchronize()
        }
        try #require(
          batch.map { $0 < 0.4 } == true, "\(precision), a batch: \(String(describing: batch))")
        Interrupt.clear()
      }
    }
  }

  @Test(
    "stops a pass over elements, and work goes on after it is cleared", .timeLimit(.minutes(1)),
    arguments: testDeviceKinds)
  func elements(_ test: TestDevice) async {
    await #expect(processExitsWith: .success) { [name = test.description as String] in
      let device = try testDevice(named: name).device
      let count = 50_000_000
      let x = try device.allocate(count, .f32)
      let all = Strided(x.start, contiguous: [count])
      try device.fill(all, shape: [count], with: .float(1))
      let seconds = InterruptTests.delay {
        while true { try device.apply(.tanh, x.start, to: x.start, count: count) }
      }
      try #require(seconds.map { $0 < 0.4 } == true)
      Interrupt.clear()
      try device.fill(all, shape: [count], with: .float(2))
      let sum = try device.allocate(1, .f32)
      try device.reduce(.sum, x.start, outer: 1, count: count, inner: 1, to: sum.start)
      try #require(try device.read(sum.start) == [Float(2 * count)])
    }
  }
}
