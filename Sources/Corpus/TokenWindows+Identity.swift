import Files
import JSONFormat

/// What tells one set of token windows from another.
public struct TokensIdentity: Sendable, Equatable {
  /// A hash (FNV-1a, 64 bits) of the length and all ids, 16 hexadecimal digits.
  public let fingerprint: String
  /// How many windows.
  public let windows: Int
  /// Ids of a window.
  public let length: Int

  /// An identity that was kept.
  package init(fingerprint: String, windows: Int, length: Int) {
    self.fingerprint = fingerprint
    self.windows = windows
    self.length = length
  }

  /// The identity as files keep it.
  public var json: JSON {
    ["fingerprint": .string(fingerprint), "windows": .int(windows), "length": .int(length)]
  }

  init(_ tokens: TokenWindows) {
    var hash = Checksum()
    hash.add(UInt32(truncatingIfNeeded: tokens.length))
    for id in tokens.ids { hash.add(UInt32(bitPattern: id)) }
    // Windows that learn all their targets keep the hash of the ids alone.
    if let learnt = tokens.learnt { hash.add(learnt.lazy.map { $0 ? UInt8(1) : 0 }) }
    fingerprint = hash.hexadecimal
    windows = tokens.count
    length = tokens.length
  }

  /// What `json` gave; nil for anything else.
  public init?(_ json: JSON) {
    guard let fingerprint = json["fingerprint"]?.string, let windows = json["windows"]?.int,
      let length = json["length"]?.int
    else { return nil }
    self.init(fingerprint: fingerprint, windows: windows, length: length)
  }
}

extension TokenWindows {
  /// What tells these windows from others. O(ids).
  public var identity: TokensIdentity { TokensIdentity(self) }
}
