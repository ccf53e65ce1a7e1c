internal import COpenCL
import Synchronization

/// A buffer in a device's memory.
final class OpenCLBuffer: Buffer, @unchecked Sendable {
  private let held: Mutex<OpenCLMemory>

  init(device: OpenCLDevice, type: ElementType, count: Int, memory: OpenCLMemory) {
    held = Mutex(memory)
    super.init(device: device, type: type, count: count)
  }

  /// The memory behind the buffer at this moment.
  var memory: OpenCLMemory { held.withLock { $0 } }

  /// Swaps the memory of two buffers.
  func exchange(with other: OpenCLBuffer) {
    let mine = memory
    let theirs = other.memory
    held.withLock { $0 = theirs }
    other.held.withLock { $0 = mine }
  }
}

/// A block of device memory, given back to its pool when it is dropped. Work on the device runs in
/// the order it was queued, so the next owner's work comes after that of the last.
final class OpenCLMemory: @unchecked Sendable {
  let handle: cl_mem
  private let size: Int
  private let pool: OpenCLMemoryPool

  init(_ handle: cl_mem, size: Int, pool: OpenCLMemoryPool) {
    self.handle = handle
    self.size = size
    self.pool = pool
  }

  deinit { pool.recycle(handle, size: size) }
}
