import Synchronization

/// A buffer in host memory.
final class CPUBuffer: Buffer, @unchecked Sendable {
  private let block: Mutex<MemoryBlock>
  private let writes = Atomic(0)
  /// What bf16 products keep of the weights in this buffer.
  let packs = PackedWeights()

  init(device: CPUDevice, type: ElementType, count: Int, block: MemoryBlock) {
    self.block = Mutex(block)
    super.init(device: device, type: type, count: count)
  }

  /// Counts the times that the content may have changed. What was derived from the content, such as
  /// a packed weight, is valid while this stands.
  var version: Int { writes.load(ordering: .acquiring) }

  /// Swaps the memory with another buffer's; a new version of both.
  func exchange(with other: CPUBuffer) {
    precondition(
      type == other.type && count == other.count,
      "an exchange of \(count) \(type.name) with \(other.count) \(other.type.name)")
    let mine = block.withLock { $0 }
    let theirs = other.block.withLock { block in
      defer { block = mine }
      return block
    }
    block.withLock { $0 = theirs }
    for buffer in [self, other] {
      buffer.writes.wrappingAdd(1, ordering: .acquiringAndReleasing)
      buffer.packs.removeAll()
    }
  }

  /// Elements to read; the pointer is good while the buffer lives and is not exchanged.
  func read<Element>(_ offset: Int, _ count: Int) -> UnsafePointer<Element> {
    UnsafePointer(place(offset, count))
  }

  /// Elements to write, the only way to them: asking for it makes a new version.
  func write<Element>(_ offset: Int, _ count: Int) -> UnsafeMutablePointer<Element> {
    writes.wrappingAdd(1, ordering: .acquiringAndReleasing)
    return place(offset, count)
  }

  /// Bytes from element `offset` on, to read.
  func readBytes(from offset: Int, byteCount: Int) -> UnsafeRawPointer {
    UnsafeRawPointer(bytes(from: offset, byteCount: byteCount))
  }

  /// Bytes from element `offset` on, to write; a new version.
  func writeBytes(from offset: Int, byteCount: Int) -> UnsafeMutableRawPointer {
    writes.wrappingAdd(1, ordering: .acquiringAndReleasing)
    return bytes(from: offset, byteCount: byteCount)
  }

  private func place<Element>(_ offset: Int, _ count: Int) -> UnsafeMutablePointer<Element> {
    precondition(MemoryLayout<Element>.size == type.size, "a buffer of type \(type.name)")
    precondition(count >= 0 && count <= self.count, "\(count) elements of \(self.count)")
    return bytes(from: offset, byteCount: count * type.size)
      .assumingMemoryBound(to: Element.self)
  }

  // Beyond the bounds lies other buffers' memory: a wrong shape must stop here.
  private func bytes(from offset: Int, byteCount: Int) -> UnsafeMutableRawPointer {
    precondition(
      offset >= 0 && offset <= count && byteCount >= 0
        && byteCount <= (count - offset) * type.size,
      "\(byteCount) bytes from element \(offset) of a buffer of \(count)")
    return block.withLock { $0.pointer } + offset * type.size
  }
}
