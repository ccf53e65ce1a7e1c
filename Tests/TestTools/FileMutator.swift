import JSONFormat

/// Damages a file the same way for the same seed: members of its JSON taken out, doubled or
/// replaced by extreme values, and bytes flipped, cut and overwritten.
package struct FileMutator {
  private var random: SplitMix64

  package init(seed: Int) {
    random = SplitMix64(seed: UInt64(bitPattern: Int64(seed)))
  }

  private static let extremes: [JSON] = [
    0, 1, 2, 3, -1, 7, 64, 4096, 4097, 16_777_216, 16_777_217, 4_294_967_296, .int(.max),
    .int(.min),
    0.5, 1e-300, 1e300, .double(.infinity), .double(.nan), "", "llama", "default", "linear",
    "llama3",
    .null, true, false, [], [1], .object(JSONObject()),
  ]

  /// Replaces, removes or doubles one to three members, at any depth of objects.
  package mutating func damagedMembers(of json: JSON) -> JSON {
    var result = json
    for _ in 0...Int.random(in: 0..<3, using: &random) { result = damagedOnce(result) }
    return result
  }

  private mutating func damagedOnce(_ json: JSON) -> JSON {
    guard case .object(let object) = json, !object.members.isEmpty else { return extreme() }
    var members = object.members
    let place = Int.random(in: members.indices, using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: members.remove(at: place)
    case 1: members[place].key += "x"
    case 2 where members[place].value.object != nil:
      members[place].value = damagedOnce(members[place].value)
    case 3:
      let other = Int.random(in: members.indices, using: &random)
      members[place].value = members[other].value
    default: members[place].value = extreme()
    }
    return .object(JSONObject(members))
  }

  private mutating func extreme() -> JSON {
    Self.extremes.randomElement(using: &random) ?? .null
  }

  /// One to three damages of bytes among the first `reach`, where a format's header is.
  package mutating func damagedBytes(_ original: [UInt8], reach: Int) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0..<3, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<min(reach, bytes.count), using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 3))
      case 3: overwrite(&bytes, at: place, width: 4)
      default: overwrite(&bytes, at: place, width: 8)
      }
    }
    return bytes
  }

  private mutating func overwrite(_ bytes: inout [UInt8], at place: Int, width: Int) {
    let numbers: [UInt64] = [0, 1, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 32, 1 << 62, .max]
    let number = numbers.randomElement(using: &random) ?? 0
    for index in 0..<width where place + index < bytes.count {
      bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
    }
  }
}
