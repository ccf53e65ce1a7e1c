internal import CKernels
import Synchronization

/// The processor: products in f32 by oneDNN, everything else by our own loops in C, on a team of
/// threads.
///
/// Every operation is done when it returns. Operations may be called from several host threads.
public final class CPUDevice: Device, @unchecked Sendable {
  /// `"cpu"`.
  public let name = "cpu"
  /// The C loops of the instruction set in use.
  let kernels: UnsafePointer<pare_kernels>
  let pool: ThreadPool
  private let stopwatch = Stopwatch()
  let productLog = ProductLog()
  let memoryPool: MemoryPool
  /// What multiplies bf16 numbers; nil where those are rounded f32 ones.
  let units: UnsafePointer<pare_bfloat_units>?
  private let currentPrecision = Mutex(Precision.f32)
  private let counted = Mutex(Traffic())

  /// The processor with a number of threads, by default the cores that the process may use, and
  /// with the best instruction set that it has or the one that the environment's PARE_ISA allows.
  public convenience init(threads: Int? = nil) {
    self.init(threads: threads, kernels: pare_kernels_table(), memory: MemoryPool())
  }

  /// The processor held to one instruction set, which must be available.
  package convenience init(threads: Int, instructionSet: InstructionSet) {
    self.init(
      threads: threads, kernels: instructionSet.kernels ?? pare_kernels_table(),
      units: pare_bfloat_units_within(instructionSet.tag), memory: MemoryPool())
  }

  /// The processor with units of one kind for bf16, whether it has them or not.
  package convenience init(threads: Int, units: BFloatUnits) {
    self.init(
      threads: threads, kernels: pare_kernels_table(), units: pare_bfloat_units_of(units.kind),
      memory: MemoryPool())
  }

  /// The processor with as much memory as `availableMemory` says, to see what a small one does.
  package convenience init(threads: Int, availableMemory: @escaping @Sendable () -> Int) {
    self.init(
      threads: threads, kernels: pare_kernels_table(),
      memory: MemoryPool(availableMemory: availableMemory))
  }

  private convenience init(
    threads: Int?, kernels: UnsafePointer<pare_kernels>, memory: MemoryPool
  ) {
    self.init(
      threads: threads, kernels: kernels, units: pare_bfloat_units_within(PARE_AMX),
      memory: memory)
  }

  private init(
    threads: Int?, kernels: UnsafePointer<pare_kernels>, units: UnsafePointer<pare_bfloat_units>?,
    memory: MemoryPool
  ) {
    self.kernels = kernels
    self.units = units
    memoryPool = memory
    pool = ThreadPool(threads: threads ?? usableProcessors())
  }

  /// Blocks of memory that it asked the system for so far; what was freed before serves first.
  package var blocksMade: Int { memoryPool.blocksMade }

  /// How many threads it uses.
  public var threads: Int { pool.threads }

  /// The type to which operands of matrix products are rounded.
  public var precision: Precision { currentPrecision.withLock { $0 } }

  /// Chooses the type of matrix products' operands.
  public func use(_ precision: Precision) { currentPrecision.withLock { $0 = precision } }

  /// Memory for `count` elements with undefined content.
  /// - Throws: `KernelError.outOfMemory` before anything is allocated, with both numbers.
  public func allocate(_ count: Int, _ type: ElementType) throws -> Buffer {
    CPUBuffer(
      device: self, type: type, count: count,
      block: try memoryPool.allocate(count, elementSize: type.size))
  }

  /// A buffer that reads the elements of `source` when they are first asked for.
  public func allocate(_ count: Int, reading source: any ElementSource) -> Buffer {
    CPUBuffer(device: self, count: count, reading: source)
  }

  /// Lets go of elements that buffers of `allocate(_:reading:)` can read again.
  public func unload(_ buffers: [Buffer]) {
    for buffer in buffers { (buffer as? CPUBuffer)?.unload() }
    memoryPool.releaseFree()
  }

  /// Swaps the memory behind two buffers; what was packed of either is no longer valid.
  public func exchange(_ a: Buffer, _ b: Buffer) {
    guard let a = a as? CPUBuffer, let b = b as? CPUBuffer else {
      preconditionFailure("an exchange of buffers of another device")
    }
    a.exchange(with: b)
  }

  /// Nothing is ever queued.
  public func synchronize() {}

  /// Copies into and out of buffers, and products; nothing is launched.
  public var traffic: Traffic { counted.withLock { $0 } }

  /// Memory has no other bound than its size.
  public var largestBuffer: Int { .max }

  /// What the pool's blocks take, and what the system can still give.
  public var memory: MemoryUse { memoryPool.use }

  /// Adds to the traffic.
  func record(_ change: (inout Traffic) -> Void) { counted.withLock { change(&$0) } }

  /// From here on operations are timed.
  public func startTiming() { stopwatch.start() }

  /// Ends that; the time of each operation.
  public func stopTiming() -> [String: Timing] { stopwatch.stop() }

  /// From here on the shapes of products are listed.
  public func startListingProducts() { productLog.start() }

  /// Ends that; how often each shape was computed.
  public func stopListingProducts() -> [ProductShape: Int] { productLog.stop() }

  /// Runs `body` on pieces of 0..<count, `grain` elements each, on all threads. Where pieces begin
  /// depends on `count` and `grain` alone, so results may not depend on the number of threads.
  /// - Throws: `Interrupted` between pieces, and the first error that a body throws.
  func parallel(
    _ count: Int, grain: Int, operation: String = #function, _ body: (Range<Int>) throws -> Void
  ) throws {
    try parallelLanes(count, grain: grain, operation: operation) { range, _ in try body(range) }
  }

  /// The same, for bodies that are told which thread they are on. `operation` is for timing: the
  /// operation's function, which is the one that calls where nothing else is said.
  func parallelLanes(
    _ count: Int, grain: Int, operation: String = #function,
    _ body: (Range<Int>, _ lane: Int) throws -> Void
  ) throws {
    try stopwatch.measure(operationName(ofFunction: operation)) {
      try pool.run(count: count, grain: grain, body)
    }
  }
}
