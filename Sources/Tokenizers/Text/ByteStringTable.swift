/// A set of byte strings numbered in the order of their insertion; finding one takes O(its length).
///
/// `Dictionary` will not do: a `String` key is compared by canonical equivalence, an array key must
/// be allocated before it can be looked up.
struct ByteStringTable {
  /// Entry number + 1 by hash, linear probing; 0 is free. A power of two, at most half full.
  private var slots: [Int]
  private var hashes: [Int] = []
  private var bytes: [UInt8] = []
  /// Entry n is `bytes[starts[n]..<starts[n + 1]]`.
  private var starts = [0]

  init(capacity: Int = 16) {
    var size = 32
    while size / 2 < capacity { size *= 2 }
    slots = [Int](repeating: 0, count: size)
  }

  var count: Int { hashes.count }

  /// The number of a string, nil where it is not in the table.
  func index(of key: UnsafeRawBufferPointer) -> Int? {
    let found = slots[slot(of: key, hash: Self.hash(key))]
    return found == 0 ? nil : found - 1
  }

  /// Adds a string that may be there already.
  mutating func insert(_ key: UnsafeRawBufferPointer) -> (index: Int, isNew: Bool) {
    if (count + 1) * 2 > slots.count { grow() }
    let hash = Self.hash(key)
    let place = slot(of: key, hash: hash)
    if slots[place] != 0 { return (slots[place] - 1, false) }
    hashes.append(hash)
    bytes.append(contentsOf: key)
    starts.append(bytes.count)
    slots[place] = count
    return (count - 1, true)
  }

  // Swift's own hash is seeded at random, so that no file can make its strings collide.
  @inline(__always)
  private static func hash(_ key: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: key)
    return hasher.finalize()
  }

  /// The slot that holds `key`, else the free one where it belongs.
  private func slot(of key: UnsafeRawBufferPointer, hash: Int) -> Int {
    let mask = slots.count - 1
    var place = hash & mask
    while slots[place] != 0 {
      let entry = slots[place] - 1
      if hashes[entry] == hash, equals(entry, key) { return place }
      place = (place + 1) & mask
    }
    return place
  }

  @inline(__always)
  private func equals(_ entry: Int, _ key: UnsafeRawBufferPointer) -> Bool {
    let range = starts[entry]..<starts[entry + 1]
    guard range.count == key.count else { return false }
    return bytes.withUnsafeBytes { all in
      var offset = 0
      while offset < key.count, all[range.lowerBound + offset] == key[offset] { offset += 1 }
      return offset == key.count
    }
  }

  private mutating func grow() {
    slots = [Int](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (entry, hash) in hashes.enumerated() {
      var place = hash & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = entry + 1
    }
  }
}
