/// A running hash of bytes, FNV-1a with 64 bits: tells contents apart that differ by accident. It
/// is no protection against contents made to collide.
public struct Checksum: Sendable, Equatable {
  /// The hash of the bytes so far.
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of no bytes.
  public init() {}

  /// The hash of some bytes.
  public init(_ bytes: some Sequence<UInt8>) { add(bytes) }

  /// Takes further bytes.
  public mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// Takes the four bytes of a number, the lowest first.
  public mutating func add(_ number: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      value = (value ^ UInt64((number >> shift) & 0xff)) &* 0x100_0000_01b3
    }
  }

  /// The hash as 16 hexadecimal digits.
  public var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
