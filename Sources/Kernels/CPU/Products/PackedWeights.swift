import Synchronization

/// The packed bf16 copies of a buffer's weights, which live as long as the buffer or until it is
/// exchanged.
final class PackedWeights: Sendable {
  /// The weight that was packed.
  struct Key: Hashable {
    var offset: Int
    var inner: Int
    var columns: Int
    var isTransposed: Bool
  }

  private struct Pack: Sendable {
    var block: MemoryBlock
    var version: Int
  }

  private let packs = Mutex<[Key: Pack]>([:])

  /// Lets go of all copies: of content that has left the buffer.
  func removeAll() { packs.withLock { $0.removeAll() } }

  /// The packed weight of `key` at a buffer's `version`. An older one is overwritten by `pack`, for
  /// weights that change at every step.
  ///
  /// The lock is not held meanwhile: packing uses all threads, which may wait for one that is here.
  func pack(
    _ key: Key, version: Int, allocate: () throws -> MemoryBlock, pack: (MemoryBlock) throws -> Void
  ) throws -> MemoryBlock {
    let old = packs.withLock { packs -> Pack? in
      if let pack = packs[key], pack.version == version { return pack }
      return packs.removeValue(forKey: key)
    }
    if let old, old.version == version { return old.block }
    let block = try old?.block ?? allocate()
    try pack(block)
    packs.withLock { $0[key] = Pack(block: block, version: version) }
    return block
  }
}
