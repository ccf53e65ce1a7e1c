/// What the header of a `.npy` file says.
struct NumpyHeader {
  var descr: String
  var isFortranOrder: Bool
  var shape: [Int]
}

/// Reads the one Python literal that a `.npy` header is: a dictionary of `descr`, `fortran_order`
/// and `shape`.
struct NumpyHeaderParser {
  private let path: String
  private let text: UnsafeRawBufferPointer
  /// Where the text starts in the file.
  private let offset: Int
  private var position = 0

  private static let maximumRank = 64

  init(path: String, text: UnsafeRawBufferPointer, offset: Int) {
    self.path = path
    self.text = text
    self.offset = offset
  }

  mutating func parse() throws -> NumpyHeader {
    var descr: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let key = try readString()
      try expect(":")
      switch key {
      case "descr" where descr == nil: descr = try readDescr()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try readBool()
      case "shape" where shape == nil: shape = try readShape()
      default: throw fault("the key \(printable(key)) is unknown or appears twice")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == text.count else { throw fault("text after the dictionary") }
    guard let descr, let isFortranOrder, let shape else {
      throw fault("descr, fortran_order or shape is missing")
    }
    return NumpyHeader(descr: descr, isFortranOrder: isFortranOrder, shape: shape)
  }

  private func fault(_ reason: String) -> CheckpointError {
    CheckpointError(
      file: path, byte: offset + position, reason: "the header is damaged: \(reason)")
  }

  private mutating func skipSpace() {
    while position < text.count, text[position] == 0x20 || text[position] == 0x0A { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    if !take(character) { throw fault("\"\(character)\" should stand here") }
  }

  private mutating func readString() throws -> String {
    let quote: UInt8
    if take("'") {
      quote = UInt8(ascii: "'")
    } else {
      try expect("\"")
      quote = UInt8(ascii: "\"")
    }
    let start = position
    while position < text.count, text[position] != quote { position += 1 }
    guard position < text.count else { throw fault("a string without an end") }
    defer { position += 1 }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  private mutating func readDescr() throws -> String {
    if take("[") {
      throw CheckpointError(
        file: path, byte: offset + position,
        reason: "is an array of records, which is not read; save one field of it")
    }
    return try readString()
  }

  private mutating func readBool() throws -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw fault("True or False should stand here")
  }

  private mutating func readShape() throws -> [Int] {
    var shape: [Int] = []
    try expect("(")
    while !take(")") {
      shape.append(try readSize())
      if shape.count > Self.maximumRank {
        throw fault("more than \(Self.maximumRank) dimensions")
      }
      if !take(",") {
        try expect(")")
        break
      }
    }
    return shape
  }

  private mutating func readSize() throws -> Int {
    skipSpace()
    let start = position
    while position < text.count, (0x30...0x39).contains(text[position]) { position += 1 }
    guard let size = Int(String(decoding: text[start..<position], as: UTF8.self)) else {
      throw fault("a size should stand here")
    }
    return size
  }
}
