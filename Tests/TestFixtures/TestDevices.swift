import Kernels
import Synchronization

/// A device that tests run on, with a name for their reports.
package struct TestDevice: Sendable, CustomStringConvertible {
  package let description: String
  /// The types to which it can round the operands of matrix products.
  package let precisions: [Precision]
  /// How far its results may be from the exact ones.
  package let accuracy: Accuracy
  private let make: @Sendable () throws -> any Device

  fileprivate init(
    _ description: String, precisions: [Precision], accuracy: Accuracy,
    make: @escaping @Sendable () throws -> any Device
  ) {
    self.description = description
    self.precisions = precisions
    self.accuracy = accuracy
    self.make = make
  }

  /// The device that all tests share. Its precision is f32 and stays so: tests run side by side.
  package var device: any Device { get throws { try device(at: .f32) } }

  /// A device that no other test has.
  package func fresh() throws -> any Device { try make() }

  /// The device that all tests of a precision share: one of its own for each.
  package func device(at precision: Precision) throws -> any Device {
    try sharedDevices.withLock { shared in
      let key = "\(description), \(precision)"
      if let device = shared[key] { return device }
      let device = try make()
      try device.use(precision)
      shared[key] = device
      return device
    }
  }
}

private let sharedDevices = Mutex<[String: any Device]>([:])

/// One device of each kind: the tests that are too long for every variant run on these. A new kind
/// is added here and nowhere else.
package let testDeviceKinds =
  [processor("cpu, 2 threads") { CPUDevice(threads: 2) }] + openCL("opencl", layout: nil)

/// Every device that a test body is run on: each kind, the processor on one thread and held to
/// each instruction set below its best, and OpenCL sharing out its work as on a graphics card.
package let testDevices =
  testDeviceKinds + [processor("cpu, 1 thread") { CPUDevice(threads: 1) }]
  + InstructionSet.available.dropLast().map { set in
    processor("cpu, \(set)") { CPUDevice(threads: 2, instructionSet: set) }
  } + openCL("opencl, a card's layout", layout: .card(largestGroup: 64))

private func processor(
  _ description: String, make: @escaping @Sendable () -> CPUDevice
) -> TestDevice {
  TestDevice(description, precisions: Precision.allCases, accuracy: .cpu, make: make)
}

/// The first OpenCL device, where the machine has one; `OpenCLDeviceTests` ask for it.
private func openCL(_ description: String, layout: WorkLayout?) -> [TestDevice] {
  guard let driver = try? OpenCLDriver.installed.get(),
    let first = try? OpenCLDescription.all().first
  else { return [] }
  return [
    TestDevice(description, precisions: [.f32], accuracy: .openCL) {
      try OpenCLDevice(first, driver, layout: layout)
    }
  ]
}

/// The member of `testDevices` with a description, for a process that a test starts.
package func testDevice(named description: String) throws -> TestDevice {
  guard let found = testDevices.first(where: { $0.description == description }) else {
    throw NoTestDevice(description: description)
  }
  return found
}

private struct NoTestDevice: Error { let description: String }

/// The device of tests whose subject is not the device.
package let anyDevice: any Device = CPUDevice(threads: 2)
