/// Positions of names, keyed by their bytes: Swift's `String` calls canonically equivalent names
/// equal, which would merge two tensors of one file.
struct TensorIndex: Sendable {
  private var positions: [Name: Int] = [:]

  /// The number of names.
  var count: Int { positions.count }

  /// The position given with the name, or nil.
  subscript(name: String) -> Int? { positions[Name(text: name)] }

  /// Adds a name; false where it is there already.
  mutating func insert(_ name: String, at position: Int) -> Bool {
    if let _ = positions[Name(text: name)] { return false }
    positions[Name(text: name)] = position
    return true
  }

  private struct Name: Hashable {
    let text: String

    static func == (left: Name, right: Name) -> Bool {
      left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}

/// Whether a name comes before another, by bytes.
func precedes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
