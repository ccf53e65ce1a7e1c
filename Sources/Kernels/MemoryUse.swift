/// How a device's memory is used at a moment, in bytes.
public struct MemoryUse: Sendable, Equatable {
  /// In use by buffers, each rounded up to the size that its block has.
  public var used: Int
  /// Kept of dropped buffers, for those to come.
  public var pooled: Int
  /// What buffers can still be had of; what is pooled counts.
  public var available: Int

  /// Bytes of each kind.
  public init(used: Int, pooled: Int, available: Int) {
    self.used = used
    self.pooled = pooled
    self.available = available
  }
}
