/// The type of a buffer's elements.
public enum ElementType: Sendable, Equatable, CaseIterable {
  /// 32-bit floating point.
  case f32
  /// 64-bit signed integer.
  case i64
  /// One byte, 0 or 1.
  case bool

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .f32: 4
    case .i64: 8
    case .bool: 1
    }
  }

  /// `"f32"`, `"i64"` or `"bool"`.
  public var name: String {
    switch self {
    case .f32: "f32"
    case .i64: "i64"
    case .bool: "bool"
    }
  }
}

/// The type to which matrix products, and those inside attention, round their operands; sums are
/// kept in f32 either way. In bf16, denormals may count as zero.
public enum Precision: String, Sendable, Equatable, CaseIterable {
  case f32, bf16
}

/// A block of a device's memory. Only its device knows what is behind it.
open class Buffer: @unchecked Sendable {
  /// The device whose memory it is.
  public let device: any Device
  /// The type of its elements.
  public let type: ElementType
  /// How many elements it holds.
  public let count: Int
  /// How often elements were written over, by assignments and optimizers, since they were first
  /// set.
  public package(set) final var edits = 0

  /// Made by devices alone.
  public init(device: any Device, type: ElementType, count: Int) {
    self.device = device
    self.type = type
    self.count = count
  }

  /// The place of element `offset`.
  public func at(_ offset: Int) -> Region { Region(self, offset: offset) }

  /// The place of the first element.
  public var start: Region { Region(self, offset: 0) }
}

/// A place in a buffer, from which an operation reads or writes contiguous elements.
public struct Region: Sendable {
  /// The buffer.
  public let buffer: Buffer
  /// The first element, counted in elements.
  public let offset: Int

  /// The place of element `offset` of `buffer`.
  public init(_ buffer: Buffer, offset: Int = 0) {
    self.buffer = buffer
    self.offset = offset
  }

  /// The place `count` elements further.
  public func advanced(by count: Int) -> Region { Region(buffer, offset: offset + count) }
}

/// Elements at regular distances: axis `i` of a shape given beside it advances by `strides[i]`
/// elements. A stride of 0 repeats (broadcasting), a negative one runs backwards.
public struct Strided: Sendable {
  /// Where index zero of every axis stands.
  public let region: Region
  /// Elements between neighbours, one number an axis.
  public let strides: [Int]

  /// A strided view.
  public init(_ region: Region, strides: [Int]) {
    self.region = region
    self.strides = strides
  }

  /// A contiguous, row-major view of `shape`.
  public init(_ region: Region, contiguous shape: [Int]) {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    self.init(region, strides: strides)
  }
}
