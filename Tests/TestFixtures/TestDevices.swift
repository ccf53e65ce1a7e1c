import Kernels

/// A device that tests run on, with a name for their reports.
package struct TestDevice: Sendable, CustomStringConvertible {
  package let description: String
  package let device: any Device
}

/// Every device that a test body is run on; a new kind of device is added here and nowhere else.
///
/// The processor on one and on two threads, and held to each instruction set that it has.
package let testDevices: [TestDevice] =
  [
    TestDevice(description: "cpu, 1 thread", device: CPUDevice(threads: 1)),
    TestDevice(description: "cpu, 2 threads", device: CPUDevice(threads: 2)),
  ]
  + InstructionSet.available.map {
    TestDevice(
      description: "cpu, \($0)", device: CPUDevice(threads: 2, instructionSet: $0))
  }

/// The device of tests whose subject is not the device.
package let anyDevice: any Device = CPUDevice(threads: 2)
