import Synchronization

/// A buffer in host memory, or one whose elements are still where they are stored.
final class CPUBuffer: Buffer, @unchecked Sendable {
  /// At least one of them is there.
  private struct Content {
    var block: MemoryBlock?
    /// Where the same elements are stored; nil once they may have changed.
    var source: (any ElementSource)?
  }

  private let cpu: CPUDevice
  private let content: Mutex<Content>
  private let writes = Atomic(0)
  /// What bf16 products keep of the weights in this buffer.
  let packs = PackedWeights()

  init(device: CPUDevice, type: ElementType, count: Int, block: MemoryBlock) {
    cpu = device
    content = Mutex(Content(block: block))
    super.init(device: device, type: type, count: count)
  }

  init(device: CPUDevice, count: Int, reading source: any ElementSource) {
    cpu = device
    content = Mutex(Content(source: source))
    super.init(device: device, type: .f32, count: count)
  }

  /// Counts the times that the content may have changed. What was derived from the content, such as
  /// a packed weight, is valid while this stands.
  var version: Int { writes.load(ordering: .acquiring) }

  /// Where the elements are stored, as long as none of them is in memory.
  var unreadSource: (any ElementSource)? { content.withLock { $0.block == nil ? $0.source : nil } }

  /// Lets go of elements that are stored elsewhere too.
  func unload() { content.withLock { if $0.source != nil { $0.block = nil } } }

  /// Swaps memory and source with another buffer's; a new version of both.
  func exchange(with other: CPUBuffer) {
    precondition(
      type == other.type && count == other.count,
      "an exchange of \(count) \(type.name) with \(other.count) \(other.type.name)")
    let mine = content.withLock { $0 }
    let theirs = other.content.withLock { content in
      defer { content = mine }
      return content
    }
    content.withLock { $0 = theirs }
    for buffer in [self, other] {
      buffer.writes.wrappingAdd(1, ordering: .acquiringAndReleasing)
      buffer.packs.removeAll()
    }
  }

  /// Elements to read; the pointer is good while the buffer lives and is neither exchanged nor
  /// unloaded.
  /// - Throws: where the elements are stored elsewhere and reading them fails.
  func read<Element>(_ offset: Int, _ count: Int) throws -> UnsafePointer<Element> {
    UnsafePointer(try place(offset, count))
  }

  /// Elements to write, the only way to them: asking for it makes a new version.
  /// - Throws: as `read`.
  func write<Element>(_ offset: Int, _ count: Int) throws -> UnsafeMutablePointer<Element> {
    let place: UnsafeMutablePointer<Element> = try place(offset, count)
    noteWrite()
    return place
  }

  /// Bytes from element `offset` on, to read.
  /// - Throws: as `read`.
  func readBytes(from offset: Int, byteCount: Int) throws -> UnsafeRawPointer {
    UnsafeRawPointer(try bytes(from: offset, byteCount: byteCount))
  }

  /// Bytes from element `offset` on, to write; a new version.
  /// - Throws: as `read`.
  func writeBytes(from offset: Int, byteCount: Int) throws -> UnsafeMutableRawPointer {
    let place = try bytes(from: offset, byteCount: byteCount)
    noteWrite()
    return place
  }

  private func noteWrite() {
    content.withLock { $0.source = nil }
    writes.wrappingAdd(1, ordering: .acquiringAndReleasing)
  }

  private func place<Element>(_ offset: Int, _ count: Int) throws -> UnsafeMutablePointer<Element> {
    precondition(MemoryLayout<Element>.size == type.size, "a buffer of type \(type.name)")
    precondition(count >= 0 && count <= self.count, "\(count) elements of \(self.count)")
    return try bytes(from: offset, byteCount: count * type.size)
      .assumingMemoryBound(to: Element.self)
  }

  // Beyond the bounds lies other buffers' memory: a wrong shape must stop here.
  private func bytes(from offset: Int, byteCount: Int) throws -> UnsafeMutableRawPointer {
    precondition(
      offset >= 0 && offset <= count && byteCount >= 0
        && byteCount <= (count - offset) * type.size,
      "\(byteCount) bytes from element \(offset) of a buffer of \(count)")
    return try memory() + offset * type.size
  }

  private func memory() throws -> UnsafeMutableRawPointer {
    let (block, source) = content.withLock { ($0.block, $0.source) }
    if let block { return block.pointer }
    guard let source else { preconditionFailure("a buffer without elements") }
    // The lock is not held meanwhile: reading uses all threads, which may wait for one that is
    // here. Nobody exchanges a buffer that an operation reads.
    let read = try cpu.readElements(of: source, count: count)
    return content.withLock { content in
      let block = content.block ?? read
      content.block = block
      return block.pointer
    }
  }
}
