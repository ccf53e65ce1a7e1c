/// What a computing device offers: memory, and every operation forward and backward.
///
/// Nothing above this module names a kind of device. An operation reads and writes regions of
/// buffers, row-major and contiguous unless it takes `Strided`; whether they are host memory is the
/// device's own matter. Operations may be queued: a host read (`download`) waits for them. Shapes
/// are the caller's business: an operation trusts them, the tensors above check them.
public protocol Device: AnyObject, Sendable, MovementOperations, ElementwiseOperations,
  ReductionOperations, ProductOperations, TransformerOperations, VocabularyOperations,
  OptimizerOperations, StatisticsOperations, DistillationOperations
{
  /// `"cpu"` or `"opencl:N"`.
  var name: String { get }

  /// The type to which operands of matrix products are rounded.
  var precision: Precision { get }

  /// Chooses the type of matrix products' operands.
  /// - Throws: `KernelError.unsupported` where the device has no such products.
  func use(_ precision: Precision) throws

  /// A buffer of `count` elements whose content is undefined; small counts and zero are allowed.
  /// Memory of dropped buffers is reused.
  /// - Throws: `KernelError.outOfMemory` before anything is allocated, with both numbers.
  func allocate(_ count: Int, _ type: ElementType) throws -> Buffer

  /// A buffer of the f32 elements of a source, read when an operation first needs them where the
  /// device can wait; that operation then throws what reading does.
  /// - Throws: `KernelError.outOfMemory`, and what `source` does.
  func allocate(_ count: Int, reading source: any ElementSource) throws -> Buffer

  /// Lets go of the elements of buffers that can read them from a source again, and gives their
  /// memory back to the system: not of those that have no source or were written to. The caller
  /// lets no operation run on them meanwhile.
  func unload(_ buffers: [Buffer])

  /// Copies host bytes to the device.
  func upload(_ source: UnsafeRawBufferPointer, to target: Region) throws

  /// Copies from the device to host bytes, `target.count` of them.
  func download(_ source: Region, to target: UnsafeMutableRawBufferPointer) throws

  /// Fills `count` f32 elements from the host, in pieces and on all threads: `body` receives where
  /// to write and which elements those are. Pieces start at multiples of `granularity` elements.
  func produce(
    _ target: Region, count: Int, granularity: Int,
    _ body: @Sendable (UnsafeMutableBufferPointer<Float>, Range<Int>) throws -> Void
  ) throws

  /// Swaps the memory behind two whole buffers of this device, of one type and count: every region
  /// of either sees the other's elements from then on. Copies nothing and cannot fail, so that any
  /// number of exchanges happen together or not at all. It counts as a write of both: operations
  /// already queued see the old elements, and the caller lets none run meanwhile on another thread.
  func exchange(_ a: Buffer, _ b: Buffer)

  /// Waits until everything queued is done.
  func synchronize() throws

  /// From here on every operation is waited for and timed, which costs time of its own.
  func startTiming()

  /// Ends that; the time of each operation since `startTiming`, by its name.
  func stopTiming() -> [String: Timing]

  /// From here on the shapes of matrix products are listed.
  func startListingProducts()

  /// Ends that; how often a product of each shape was asked for since `startListingProducts`,
  /// without those that are `isRecomputed`.
  func stopListingProducts() -> [ProductShape: Int]

  /// What went between host and device since the device was made.
  var traffic: Traffic { get }

  /// Bytes of the largest buffer that it can make, whatever memory it has.
  var largestBuffer: Int { get }

  /// How its memory is used now.
  var memory: MemoryUse { get }
}
