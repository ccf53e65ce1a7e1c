internal import COpenCL
import Files
import Foundation
import Synchronization

/// A device of an OpenCL driver: products by CLBlast in f32, everything else by the kernels in the
/// `.cl` files of this folder. Work is queued and runs in its order.
///
/// Operations may be called from several host threads.
public final class OpenCLDevice: Device, @unchecked Sendable {
  /// `"opencl:N"`.
  public let name: String
  /// What the driver says of the device.
  public let description: OpenCLDescription
  let layout: WorkLayout
  let context: OpenCLContext
  let queue: CommandQueue
  let programs: KernelPrograms
  let pool: OpenCLMemoryPool
  let counts = Mutex(Traffic())
  /// The kinds of products that CLBlast has built kernels for.
  let builtProducts = Mutex<Set<String>>([])
  let announce: @Sendable (String) -> Void
  /// Threads of the host that make what is uploaded.
  let producers = ThreadPool(threads: usableProcessors())
  private let stopwatch = Stopwatch()
  let productLog = ProductLog()

  /// Device `index` of this machine.
  /// - Parameter announce: told, once it takes long, that kernels are built.
  /// - Throws: `KernelError.unsupported` where there is no such device, with what there is;
  ///   `failed`.
  public convenience init(
    _ index: Int = 0, announce: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    let driver = try OpenCLDriver.installed.get()
    let all = try OpenCLDescription.all()
    guard all.indices.contains(index) else {
      throw KernelError.unsupported(
        "there is no device 'opencl:\(index)' here: there "
          + (all.count == 1
            ? "is one, opencl:0, \(all[0].name)" : "are opencl:0 to opencl:\(all.count - 1)"))
    }
    try self.init(all[index], driver, announce: announce)
  }

  /// A device with everything chosen: what its driver's functions are, how work is shared out, how
  /// much memory is taken at most, where programs are kept and what they are built from.
  package init(
    _ description: OpenCLDescription, _ driver: OpenCLDriver, layout: WorkLayout? = nil,
    memoryBound: Int? = nil, largestBuffer: Int? = nil,
    availableMemory: @escaping @Sendable () -> Int = systemAvailableMemory,
    programFolder: String? = OpenCLDevice.defaultProgramFolder,
    announce: @escaping @Sendable (String) -> Void = { _ in },
    source: @escaping @Sendable (KernelFamily) -> String = { $0.source }
  ) throws {
    name = "opencl:\(description.index)"
    self.description = description
    self.announce = announce
    self.largestBuffer = largestBuffer ?? description.largestBuffer
    self.layout = layout ?? .fitting(description)
    context = try OpenCLContext(description, driver)
    queue = try CommandQueue(context, launchWork: self.layout.launchWork)
    programs = KernelPrograms(
      context, description, self.layout, folder: programFolder, announce: announce, source: source)
    let bound = memoryBound ?? description.memoryBound
    let isProcessor = description.isProcessor
    pool = OpenCLMemoryPool(
      context, device: "\(name) (\(description.name))", largestBuffer: self.largestBuffer
    ) { held in
      // A processor's memory is everybody's: what the system has left, beside what is held here.
      isProcessor ? min(bound, clamped(held, plus: availableMemory())) : bound
    }
    try tuneProducts()
  }

  /// Where programs are kept: a folder of Pare's cache.
  package static var defaultProgramFolder: String? {
    let environment = ProcessInfo.processInfo.environment
    if let cache = environment["PARE_CACHE"], !cache.isEmpty {
      return expandingHome(cache) + "/opencl"
    }
    return environment["HOME"].map { $0 + "/.cache/pare/opencl" }
  }

  /// Always f32.
  public var precision: Precision { .f32 }

  /// - Throws: `KernelError.unsupported` for bf16.
  public func use(_ precision: Precision) throws {
    guard precision == .f32 else {
      throw KernelError.unsupported(
        "\(name) computes in f32 alone: take precision f32, or the device cpu for \(precision)")
    }
  }

  /// A buffer of undefined content.
  /// - Throws: `KernelError.outOfMemory` with what was asked for and what is left.
  public func allocate(_ count: Int, _ type: ElementType) throws -> Buffer {
    OpenCLBuffer(
      device: self, type: type, count: count,
      memory: try pool.allocate(count, elementSize: type.size))
  }

  /// Swaps the memory of two buffers; work queued before sees them as they were.
  public func exchange(_ a: Buffer, _ b: Buffer) {
    guard let a = a as? OpenCLBuffer, let b = b as? OpenCLBuffer else {
      preconditionFailure("an exchange with another device's buffer")
    }
    precondition(a.type == b.type && a.count == b.count, "an exchange of unequal buffers")
    a.exchange(with: b)
  }

  /// What was copied and started since the device was opened.
  public var traffic: Traffic { counts.withLock { $0 } }

  /// Bytes of the largest buffer that the driver makes.
  public let largestBuffer: Int

  /// What its buffers hold, and what can still be had.
  public var memory: MemoryUse { pool.use }

  /// Waits until everything queued is done.
  /// - Throws: `KernelError.failed` where earlier work failed, `Interrupted`.
  public func synchronize() throws {
    try queue.finish()
    try Interrupt.check()
  }

  /// From here on kernels and products run one by one, each timed.
  public func startTiming() { stopwatch.start() }

  /// Ends that; the time of each kernel, and of the products.
  public func stopTiming() -> [String: Timing] { stopwatch.stop() }

  /// From here on the shapes of products are listed.
  public func startListingProducts() { productLog.start() }

  /// Ends that; how often each shape was computed.
  public func stopListingProducts() -> [ProductShape: Int] { productLog.stop() }

  /// Does some work on the queue; where it is timed, to its end.
  func timed(_ name: String, _ work: () throws -> Void) throws {
    try stopwatch.measure(name, settle: { try queue.finish() }, work)
  }
}

/// A sum that stays in range.
private func clamped(_ a: Int, plus b: Int) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? .max : sum
}

extension OpenCLDescription {
  /// Bytes that Pare takes of the device's memory at most: what is left serves the driver and
  /// others.
  public var memoryBound: Int { memory / 10 * 9 }
}

extension WorkLayout {
  static func fitting(_ description: OpenCLDescription) -> WorkLayout {
    description.isProcessor
      ? .processor(vectorWidth: description.vectorWidth)
      : .card(largestGroup: description.largestGroup)
  }
}
