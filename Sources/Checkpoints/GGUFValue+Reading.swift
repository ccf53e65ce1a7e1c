import Files

extension GGUFValueType {
  /// Reads a type's number.
  init(key: String, reader: inout ByteReader) throws {
    let number = try reader.read(UInt32.self, "the value type of \(key)")
    guard let type = GGUFValueType(rawValue: number) else {
      throw reader.fault("has the unknown value type \(number)", in: key)
    }
    self = type
  }
}

extension GGUFValue {
  /// Reads the value of a key.
  init(_ type: GGUFValueType, key: String, reader: inout ByteReader) throws {
    let what = "the value of \(key)"
    switch type {
    case .u8: self = .u8(try reader.read(UInt8.self, what))
    case .i8: self = .i8(try reader.read(Int8.self, what))
    case .u16: self = .u16(try reader.read(UInt16.self, what))
    case .i16: self = .i16(try reader.read(Int16.self, what))
    case .u32: self = .u32(try reader.read(UInt32.self, what))
    case .i32: self = .i32(try reader.read(Int32.self, what))
    case .u64: self = .u64(try reader.read(UInt64.self, what))
    case .i64: self = .i64(try reader.read(Int64.self, what))
    case .f32: self = .f32(Float(bitPattern: try reader.read(UInt32.self, what)))
    case .f64: self = .f64(Double(bitPattern: try reader.read(UInt64.self, what)))
    case .bool: self = .bool(try reader.read(UInt8.self, what) != 0)
    case .string:
      let range = try reader.readString(what)
      self = .string(reader.file.withBytes { [UInt8]($0[range]) })
    case .array: self = .array(try GGUFArray(key: key, reader: &reader))
    }
  }
}
