internal import COpenCL
import Synchronization

/// A device's memory in blocks that outlive their use, up to a bound.
///
/// Sizes are rounded up as `MemoryPool` does, and a freed block serves the next request of its
/// size. Where the bound or the driver refuses, the free blocks are given up before the request is.
final class OpenCLMemoryPool: Sendable {
  private struct State: @unchecked Sendable {
    var free: [Int: [cl_mem]] = [:]
    var pooled = 0
    var used = 0
  }

  private let state = Mutex(State())
  private let context: OpenCLContext
  private let device: String
  private let largestBuffer: Int
  private let bound: @Sendable (_ held: Int) -> Int

  /// A pool that makes no block past `bound` bytes in all, used and free; it is told how many are
  /// held.
  init(
    _ context: OpenCLContext, device: String, largestBuffer: Int,
    bound: @escaping @Sendable (_ held: Int) -> Int
  ) {
    self.context = context
    self.device = device
    self.largestBuffer = largestBuffer
    self.bound = bound
  }

  deinit { releaseFree() }

  /// What is held, and what can still be had.
  var use: MemoryUse {
    state.withLock {
      MemoryUse(
        used: $0.used, pooled: $0.pooled, available: max(0, bound($0.used + $0.pooled) - $0.used))
    }
  }

  /// A block of `count` elements with undefined content.
  /// - Throws: `KernelError.outOfMemory` with the size asked for and what is left.
  func allocate(_ count: Int, elementSize: Int) throws -> OpenCLMemory {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: elementSize)
    guard count >= 0 else {
      throw KernelError.failed(operation: "allocate", reason: "a negative count of \(count)")
    }
    guard !overflow, bytes <= largestBuffer else {
      throw KernelError.outOfMemory(
        requested: overflow ? .max : bytes, available: min(largestBuffer, use.available),
        device: device)
    }
    let (handle, size) = try state.withLock { state in
      let size = self.size(for: bytes, state)
      let handle = try reused(size, &state) ?? made(size, asked: bytes, &state)
      state.used += size
      return (Handle(memory: handle), size)
    }
    return OpenCLMemory(handle.memory, size: size, pool: self)
  }

  private struct Handle: @unchecked Sendable { let memory: cl_mem }

  /// The size class, or no more than was asked for where that alone fits.
  private func size(for bytes: Int, _ state: State) -> Int {
    let rounded = MemoryPool.sizeClass(bytes)
    let room = bound(state.used + state.pooled) - state.used
    return rounded <= min(largestBuffer, room) ? rounded : max(64, bytes)
  }

  private func reused(_ size: Int, _ state: inout State) -> cl_mem? {
    guard let handle = state.free[size]?.popLast() else { return nil }
    state.pooled -= size
    return handle
  }

  private func made(_ size: Int, asked: Int, _ state: inout State) throws -> cl_mem {
    let limit = bound(state.used + state.pooled)
    if state.used + state.pooled + size > limit { releaseFree(&state) }
    let refusal = KernelError.outOfMemory(
      requested: asked, available: max(0, limit - state.used), device: device)
    guard state.used + size <= limit else { throw refusal }
    if let handle = context.createBuffer(size) { return handle }
    // The driver may have less than it says: try once more with everything given back.
    releaseFree(&state)
    guard let handle = context.createBuffer(size) else { throw refusal }
    return handle
  }

  private func releaseFree(_ state: inout State) {
    for handle in state.free.values.joined() { context.release(handle) }
    state.free = [:]
    state.pooled = 0
  }

  /// Gives every free block back to the driver.
  func releaseFree() { state.withLock { releaseFree(&$0) } }

  func recycle(_ memory: cl_mem, size: Int) {
    let handle = Handle(memory: memory)
    state.withLock {
      $0.free[size, default: []].append(handle.memory)
      $0.pooled += size
      $0.used -= size
    }
  }
}
