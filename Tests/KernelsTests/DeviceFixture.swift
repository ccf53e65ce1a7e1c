import Kernels

extension Device {
  /// A buffer that holds `values`.
  func floats(_ values: [Float]) throws -> Region { try buffer(values, .f32) }

  /// A buffer that holds `values`.
  func ints(_ values: [Int64]) throws -> Region { try buffer(values, .i64) }

  /// A buffer that holds `values`.
  func bools(_ values: [Bool]) throws -> Region {
    try buffer(values.map { $0 ? UInt8(1) : 0 }, .bool)
  }

  private func buffer<Element>(_ values: [Element], _ type: ElementType) throws -> Region {
    let buffer = try allocate(values.count, type)
    try values.withUnsafeBytes { try upload($0, to: buffer.start) }
    return buffer.start
  }

  /// `count` f32 elements, all NaN, so that an element never written shows.
  func blank(_ count: Int) throws -> Region { try floats([Float](repeating: .nan, count: count)) }

  /// `count` i64 elements of an unlikely value.
  func blankInts(_ count: Int) throws -> Region {
    try ints([Int64](repeating: -987_654_321, count: count))
  }

  /// The f32 elements of a whole buffer.
  func read(_ region: Region) throws -> [Float] { try elements(region, Float(0)) }

  /// The i64 elements of a whole buffer.
  func readInts(_ region: Region) throws -> [Int64] { try elements(region, Int64(0)) }

  /// The bool elements of a whole buffer, as bytes.
  func readBytes(_ region: Region) throws -> [UInt8] { try elements(region, UInt8(0)) }

  private func elements<Element>(_ region: Region, _ zero: Element) throws -> [Element] {
    var values = [Element](repeating: zero, count: region.buffer.count)
    try values.withUnsafeMutableBytes { try download(region.buffer.start, to: $0) }
    return values
  }
}

extension Strided {
  /// A strided view of a buffer from its element `offset`.
  init(_ region: Region, _ strides: [Int], offset: Int = 0) {
    self.init(region.advanced(by: offset), strides: strides)
  }
}
