internal import COpenCL
import Files
import Foundation
import Synchronization

/// The device's programs, each built when its first kernel is asked for and kept on disk: a binary
/// is good for one source, one set of options, one device and one version of its driver.
final class KernelPrograms: @unchecked Sendable {
  private struct State: @unchecked Sendable {
    var programs: [KernelFamily: cl_program] = [:]
    var kernels: [KernelFamily: [String: cl_kernel]] = [:]
  }

  private let state = Mutex(State())
  private let context: OpenCLContext
  private let description: OpenCLDescription
  private let layout: WorkLayout
  private let folder: String?
  private let announce: @Sendable (String) -> Void
  private let source: @Sendable (KernelFamily) -> String
  private var driver: OpenCLDriver { context.driver }

  /// - Parameters:
  ///   - folder: where binaries are kept; nil keeps none.
  ///   - announce: told of a build that takes more than a second.
  ///   - source: a family's program text.
  init(
    _ context: OpenCLContext, _ description: OpenCLDescription, _ layout: WorkLayout,
    folder: String?, announce: @escaping @Sendable (String) -> Void,
    source: @escaping @Sendable (KernelFamily) -> String
  ) {
    self.context = context
    self.description = description
    self.layout = layout
    self.folder = folder
    self.announce = announce
    self.source = source
  }

  deinit {
    state.withLock { state in
      for kernel in state.kernels.values.flatMap(\.values) {
        _ = driver.cl.clReleaseKernel(kernel)
      }
      for program in state.programs.values { _ = driver.cl.clReleaseProgram(program) }
    }
  }

  /// Calls `body` with a kernel that nobody else uses meanwhile.
  /// - Throws: `KernelError.failed` with the shortened build log where it does not build.
  func withKernel<Result>(
    _ name: String, of family: KernelFamily, _ body: (cl_kernel) throws -> sending Result
  ) throws -> sending Result {
    try state.withLock { state in try body(kernel(name, of: family, &state)) }
  }

  private func kernel(_ name: String, of family: KernelFamily, _ state: inout State) throws
    -> cl_kernel
  {
    if let kernel = state.kernels[family]?[name] { return kernel }
    let program = try state.programs[family] ?? build(family)
    state.programs[family] = program
    var status: cl_int = 0
    let kernel = driver.cl.clCreateKernel(program, name, &status)
    try driver.check(status, "making the kernel \(name) of \(family.name).cl")
    guard let kernel else {
      throw KernelError.failed(operation: "making the kernel \(name)", reason: "none came back")
    }
    state.kernels[family, default: [:]][name] = kernel
    return kernel
  }

  // MARK: - Building

  private func build(_ family: KernelFamily) throws -> cl_program {
    let text = source(family)
    let options = family.options(layout)
    let cached = folder.map {
      CachedProgram(
        folder: $0, family: family.name,
        key: [text, options, description.name, description.platform, description.driverVersion])
    }
    if let binary = cached?.read(), let program = try? program(binary: binary, options) {
      return program
    }
    let notice = SlowNotice(
      "building the OpenCL kernels of \(family.name) for \(description.name)", announce)
    defer { notice.cancel() }
    let program = try program(source: text, options, family)
    if let cached, let binary = binary(of: program) { cached.write(binary) }
    return program
  }

  private func program(source: String, _ options: String, _ family: KernelFamily) throws
    -> cl_program
  {
    try program(options, family.name) { status in
      source.withCString { text in
        var text: UnsafePointer<CChar>? = text
        return driver.cl.clCreateProgramWithSource(context.handle, 1, &text, nil, &status)
      }
    }
  }

  private func program(binary: [UInt8], _ options: String) throws -> cl_program {
    try program(options, "a kept program") { status in
      var device: cl_device_id? = context.device
      var size = binary.count
      return binary.withUnsafeBufferPointer { bytes in
        var start = bytes.baseAddress
        return driver.cl.clCreateProgramWithBinary(
          context.handle, 1, &device, &size, &start, nil, &status)
      }
    }
  }

  /// Makes a program and builds it; one that does not build is let go.
  private func program(
    _ options: String, _ name: String, _ make: (inout cl_int) -> cl_program?
  ) throws -> cl_program {
    var status: cl_int = 0
    let made = make(&status)
    try driver.check(status, "making the program \(name)")
    guard let made else {
      throw KernelError.failed(operation: "making the program \(name)", reason: "none came back")
    }
    do {
      try build(made, options, name)
      return made
    } catch {
      _ = driver.cl.clReleaseProgram(made)
      throw error
    }
  }

  private func build(_ program: cl_program, _ options: String, _ name: String) throws {
    var device: cl_device_id? = context.device
    let status = driver.cl.clBuildProgram(program, 1, &device, options, nil, nil)
    guard status != 0 else { return }
    throw KernelError.failed(
      operation: "building the OpenCL kernels of \(name) for \(description.name)",
      reason: "\(OpenCLDriver.reason(status))\(shortened(log(of: program)))")
  }

  private func log(of program: cl_program) -> String {
    var size = 0
    let what = cl_uint(CL_PROGRAM_BUILD_LOG)
    guard
      driver.cl.clGetProgramBuildInfo(program, context.device, what, 0, nil, &size) == 0, size > 1
    else { return "" }
    var bytes = [UInt8](repeating: 0, count: size)
    _ = driver.cl.clGetProgramBuildInfo(program, context.device, what, size, &bytes, nil)
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The first errors of a log, each of which names its file and line.
  private func shortened(_ log: String) -> String {
    let lines = log.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let errors = lines.filter { $0.contains("error") }
    let shown = (errors.isEmpty ? lines : errors).prefix(4).map { String($0.prefix(160)) }
    return shown.map { "\n  \($0)" }.joined()
  }

  private func binary(of program: cl_program) -> [UInt8]? {
    var size = 0
    guard
      driver.cl.clGetProgramInfo(
        program, cl_uint(CL_PROGRAM_BINARY_SIZES), MemoryLayout<Int>.size, &size, nil) == 0,
      size > 0
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    let status = bytes.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress
      return driver.cl.clGetProgramInfo(
        program, cl_uint(CL_PROGRAM_BINARIES), MemoryLayout<UnsafeMutablePointer<UInt8>?>.size,
        &start, nil)
    }
    return status == 0 ? bytes : nil
  }
}
