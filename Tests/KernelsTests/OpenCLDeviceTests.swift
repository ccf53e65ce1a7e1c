import Foundation
import Kernels
import TestFixtures
import TestTools
import Testing

/// What is the OpenCL device's own; its operations are tested with every other device's.
@Suite("OpenCL: device")
struct OpenCLDeviceTests {
  private static func first() throws -> (OpenCLDescription, OpenCLDriver) {
    (try #require(OpenCLDescription.all().first), try OpenCLDriver.installed.get())
  }

  @Test("the machine has one: make deps installs PoCL, which is a device on any processor")
  func isHere() throws {
    let (description, _) = try Self.first()
    #expect(description.index == 0)
    #expect(description.memory > 0 && description.memoryBound < description.memory)
    #expect(!description.name.isEmpty && !description.driverVersion.isEmpty)
    #expect(testDevices.contains { $0.description.hasPrefix("opencl") })
  }

  @Test("a device that is not there is refused, with those that are")
  func missing() throws {
    for name in ["opencl:7", "opencl:-1", "opencl:", "opencl:00", "gpu"] {
      #expect(throws: KernelError.self) { try Devices().device(named: name) }
    }
    do {
      _ = try OpenCLDevice(7)
      Issue.record("opencl:7 opened")
    } catch let error as KernelError {
      #expect(error.description.hasPrefix("there is no device 'opencl:7' here: there "))
      #expect(error.description.contains("opencl:0"))
    }
    let devices = Devices()
    let device = try devices.device(named: "opencl")
    #expect(device.name == "opencl:0")
    #expect(try devices.device(named: "opencl:0") === device)
  }

  @Test("a request past the bound names both sizes, and the device goes on")
  func bound() throws {
    let (description, driver) = try Self.first()
    let device = try OpenCLDevice(description, driver, memoryBound: 32 << 20)
    #expect(device.memory.available <= 32 << 20)
    var kept: Buffer? = try device.allocate(5 << 20, .f32)
    #expect(kept?.count == 5 << 20)
    #expect(device.memory.used == 20 << 20)
    do {
      _ = try device.allocate(4 << 20, .f32)
      Issue.record("16 MB beside 20 of 32")
    } catch let error as KernelError {
      #expect(error.description.hasPrefix("needs 16 MB of memory, but opencl:0 ("))
      #expect(error.description.hasSuffix("has 12 MB available"))
    }
    kept = nil
    #expect(device.memory == MemoryUse(used: 0, pooled: 20 << 20, available: 32 << 20))
    // What is pooled of another size makes room.
    let other = try device.allocate(7 << 20, .f32)
    #expect(device.memory == MemoryUse(used: 28 << 20, pooled: 0, available: 4 << 20))
    try device.fill(Strided(other.start, contiguous: [8]), shape: [8], with: .float(3))
    #expect(try device.read(other.start).prefix(8).allSatisfy { $0 == 3 })
  }

  @Test("a kernel that does not build shows the log, shortened, with file and line")
  func build() throws {
    let (description, driver) = try Self.first()
    let device = try OpenCLDevice(
      description, driver, programFolder: nil,
      source: { $0.source.replacingOccurrences(of: "fma(", with: "fused(") })
    let x = try device.floats([1, 2])
    do {
      try device.accumulate(x, scale: 2, into: x, count: 2)
      Issue.record("the kernel was built")
    } catch let error as KernelError {
      let lines = error.description.split(separator: "\n")
      #expect(lines[0].hasPrefix("building the OpenCL kernels of elementwise for "))
      #expect(lines[0].hasSuffix("failed: CL_BUILD_PROGRAM_FAILURE, status -11"))
      #expect(lines.dropFirst().contains { $0.contains("elementwise.cl:") && $0.contains("fused") })
      #expect(lines.count <= 5 && lines.allSatisfy { $0.count < 200 })
    }
    // Other families still serve.
    try device.fill(Strided(x, contiguous: [2]), shape: [2], with: .float(7))
    #expect(try device.read(x) == [7, 7])
  }

  @Test("programs are kept on disk; a damaged one, or another's, is built again")
  func cache() throws {
    let (description, driver) = try Self.first()
    let folder = try temporaryFolder()
    func check(_ text: String = "") throws {
      let device = try OpenCLDevice(
        description, driver, programFolder: folder + "/programs",
        source: { $0.source + text })
      let x = try device.floats([1, 2])
      try device.accumulate(x, scale: 2, into: x, count: 2)
      #expect(try device.read(x) == [3, 6])
    }
    func kept() throws -> [String: Data] {
      let path = folder + "/programs"
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      return try Dictionary(
        uniqueKeysWithValues: names.map {
          ($0, try Data(contentsOf: URL(fileURLWithPath: path + "/" + $0)))
        })
    }
    try check()
    let first = try kept()
    #expect(first.count == 1)
    let (name, bytes) = try #require(first.first)
    #expect(name.hasPrefix("elementwise-"))
    try check()
    #expect(try kept() == first)
    // Another source is another program.
    try check("\n// later\n")
    #expect(try kept().count == 2)
    let place = URL(fileURLWithPath: folder + "/programs/" + name)
    for damaged in [bytes.prefix(bytes.count / 2), Data(), bytes.prefix(100) + bytes] {
      try damaged.write(to: place)
      try check()
    }
    #expect(try kept()[name]?.isEmpty == false)
  }

  @Test("a driver's error names the operation, and the device goes on")
  func driverFails() async {
    await #expect(processExitsWith: .success) {
      let device = try FailingDriver.device()
      let x = try device.floats([1, 4, 9])
      FailingDriver.fail(after: 0)
      do {
        try device.apply(.sqrt, x, to: x, count: 3)
        Issue.record("the kernel was started")
      } catch let error as KernelError {
        #expect(
          error.description == "sqrt_f32 on opencl:0 failed: CL_OUT_OF_RESOURCES, status -5")
      }
      FailingDriver.fail(after: nil)
      try device.apply(.sqrt, x, to: x, count: 3)
      #expect(try device.read(x) == [1, 2, 3])
    }
  }

  @Test("what fails on the device comes out with its name at the next wait")
  func resultFails() async {
    await #expect(processExitsWith: .success) {
      let device = try FailingDriver.device()
      let x = try device.floats([1, 4, 9])
      FailingDriver.spoilResults(true)
      try device.apply(.sqrt, x, to: x, count: 3)
      do {
        try device.synchronize()
        Issue.record("nothing came out")
      } catch let error as KernelError {
        #expect(
          error.description == "sqrt_f32 on opencl:0 failed: CL_OUT_OF_RESOURCES, status -5")
      }
      FailingDriver.spoilResults(false)
      try device.synchronize()
      #expect(try device.read(x) == [1, 2, 3])
    }
  }

  @Test("on a processor, what is held does not count twice")
  func sharedMemory() throws {
    let (description, driver) = try Self.first()
    // The system's answer is of what nobody holds.
    let device = try OpenCLDevice(description, driver, availableMemory: { 20 << 20 })
    guard description.isProcessor else { return }
    let kept = try device.allocate(4 << 20, .f32)
    #expect(kept.count == 4 << 20)
    #expect(device.memory == MemoryUse(used: 16 << 20, pooled: 0, available: 20 << 20))
    #expect(throws: KernelError.self) { try device.allocate(6 << 20, .f32) }
    // What would not fit rounded up to its class fits as it is.
    #expect(MemoryPool.sizeClass(19 << 20) > 19 << 20)
    #expect(try device.allocate(19 << 18, .f32).count == 19 << 18)
  }
}
