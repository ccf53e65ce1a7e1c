import Foundation
import Synchronization

/// Memory blocks that outlive their use: a training step asks for the sizes of the one before.
///
/// Sizes are rounded up by at most an eighth to a size class, and a freed block serves the next
/// request of its class. Pages past the requested size are never touched, so they cost no memory.
/// Blocks that went unused through many requests go back to the system, all free ones when memory
/// runs short.
package final class MemoryPool: Sendable {
  /// A free block, and the number of the request after which it was freed.
  private struct Free {
    var pointer: UnsafeMutableRawPointer
    var since: Int
  }

  private struct State: @unchecked Sendable {
    var free: [Int: [Free]] = [:]
    var freeBytes = 0
    var usedBytes = 0
    var requests = 0
    var unchecked = 0
    var made = 0
  }

  private let state = Mutex(State())
  private let availableMemory: @Sendable () -> Int

  /// Bytes made without asking the system how much is left.
  private static let checkInterval = 64 << 20
  /// A free block is kept through this many requests, more than a training step makes.
  private static let patience = 20_000
  /// From this size on blocks are pages of their own, which the system takes back at once.
  private static let pageThreshold = 1 << 20

  /// A pool that asks `availableMemory` how many bytes the system has left.
  package init(availableMemory: @escaping @Sendable () -> Int = systemAvailableMemory) {
    self.availableMemory = availableMemory
  }

  deinit { releaseFree() }

  /// Bytes of the blocks that wait for a request.
  package var freeBytes: Int { state.withLock { $0.freeBytes } }

  /// Blocks that were made because no free one would do, since the pool began.
  package var blocksMade: Int { state.withLock { $0.made } }

  /// Bytes of the blocks in use and of those that wait, and what can still be had.
  package var use: MemoryUse {
    let (used, pooled) = state.withLock { ($0.usedBytes, $0.freeBytes) }
    let (available, overflow) = availableMemory().addingReportingOverflow(pooled)
    return MemoryUse(used: used, pooled: pooled, available: overflow ? .max : available)
  }

  /// A block of `count` elements, aligned to 64 bytes, with undefined content.
  /// - Throws: `KernelError.outOfMemory` before anything is made, `failed` for a negative count.
  package func allocate(_ count: Int, elementSize: Int) throws -> MemoryBlock {
    guard count >= 0 else {
      throw KernelError.failed(operation: "allocate", reason: "a negative count of \(count)")
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: elementSize)
    guard !overflow, bytes <= 1 << 60 else {
      throw KernelError.outOfMemory(
        requested: overflow ? Int.max : bytes, available: availableMemory(), device: "cpu")
    }
    let size = Self.sizeClass(bytes)
    let pointer = try state.withLock { state in
      let pointer = try take(bytes, size, &state)
      state.usedBytes += size
      return Address(pointer: pointer)
    }
    return MemoryBlock(pool: self, pointer: pointer.pointer, size: size)
  }

  /// Gives all free blocks back to the system.
  package func releaseFree() { state.withLock { release(idleSince: .max, &$0) } }

  fileprivate func recycle(_ pointer: UnsafeMutableRawPointer, size: Int) {
    let address = Address(pointer: pointer)
    state.withLock { state in
      state.free[size, default: []].append(Free(pointer: address.pointer, since: state.requests))
      state.freeBytes += size
      state.usedBytes -= size
    }
  }

  private func take(_ bytes: Int, _ size: Int, _ state: inout State) throws
    -> UnsafeMutableRawPointer
  {
    state.requests += 1
    if let block = state.free[size]?.popLast() {
      state.freeBytes -= size
      return block.pointer
    }
    if size >= Self.pageThreshold { release(idleSince: state.requests - Self.patience, &state) }
    try check(bytes, &state)
    var pointer = Self.make(size)
    if pointer == nil {
      release(idleSince: .max, &state)
      pointer = Self.make(size)
    }
    if let pointer {
      state.made += 1
      return pointer
    }
    throw KernelError.outOfMemory(requested: bytes, available: availableMemory(), device: "cpu")
  }

  /// Refuses a request past the memory that is there. Small ones are counted and asked about
  /// together.
  private func check(_ bytes: Int, _ state: inout State) throws {
    state.unchecked += min(bytes, Self.checkInterval)
    guard state.unchecked >= Self.checkInterval else { return }
    state.unchecked = 0
    if bytes <= availableMemory() { return }
    release(idleSince: .max, &state)
    let available = availableMemory()
    if bytes > available {
      throw KernelError.outOfMemory(requested: bytes, available: available, device: "cpu")
    }
  }

  private func release(idleSince limit: Int, _ state: inout State) {
    for (size, blocks) in state.free {
      // The longest unused stand first: blocks are taken from the end.
      let kept = blocks.drop { $0.since < limit }
      for block in blocks.prefix(blocks.count - kept.count) {
        Self.unmake(block.pointer, size)
        state.freeBytes -= size
      }
      if kept.count < blocks.count { state.free[size] = kept.isEmpty ? nil : Array(kept) }
    }
  }

  /// The smallest size at or above `bytes` with at most three significant bits after the first.
  package static func sizeClass(_ bytes: Int) -> Int {
    if bytes <= 512 { return max(64, (bytes + 63) & ~63) }
    let step = 1 << (Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount - 3)
    return (bytes + step - 1) & ~(step - 1)
  }

  private static func make(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= pageThreshold else { return aligned_alloc(64, size) }
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let pointer = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0), pointer != MAP_FAILED
    else { return nil }
    return pointer
  }

  private static func unmake(_ pointer: UnsafeMutableRawPointer, _ size: Int) {
    if size >= pageThreshold { munmap(pointer, size) } else { free(pointer) }
  }
}

private struct Address: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
}

/// A block of a pool, given back when it is dropped.
package final class MemoryBlock: @unchecked Sendable {
  private let pool: MemoryPool
  private let size: Int
  /// The first byte, at a multiple of 64.
  package let pointer: UnsafeMutableRawPointer

  fileprivate init(pool: MemoryPool, pointer: UnsafeMutableRawPointer, size: Int) {
    self.pool = pool
    self.pointer = pointer
    self.size = size
  }

  deinit { pool.recycle(pointer, size: size) }
}

/// Bytes that the system can still give: what is free or quickly freed, within the container's
/// limit.
@Sendable package func systemAvailableMemory() -> Int {
  var available = Int.max
  if let text = contents(ofSystemFile: "/proc/meminfo"),
    let kilobytes = ControlGroup.field("MemAvailable:", of: text)
  {
    available = kilobytes << 10
  }
  return min(available, ControlGroup.availableMemory ?? available)
}
