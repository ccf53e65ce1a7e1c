import Kernels

/// An array of numbers on a device, contiguous and row-major.
///
/// An operation makes a new tensor; only `assign`, `setItem` and the optimizers write into one that
/// exists. Where an operand is tracked, the result remembers how it came about, for `Gradients`.
public final class Tensor {
  /// The sizes of the axes; empty for a scalar.
  public let shape: [Int]
  /// Where the elements are.
  package let region: Region
  /// How the tensor was computed from tracked ones, nil for a leaf.
  package internal(set) var origin: Origin?
  /// Whether gradients with respect to this leaf may be asked for.
  package var isTracked = false

  /// A tensor over memory that holds its elements.
  package init(_ region: Region, shape: [Int]) {
    self.region = region
    self.shape = shape
  }

  /// A tensor of undefined content.
  /// - Throws: `TensorError` for an impossible shape, `KernelError.outOfMemory`.
  package convenience init(
    uninitialized shape: [Int], _ type: ElementType = .f32, on device: any Device
  ) throws {
    let count = try Shape.count(shape)
    self.init(try device.allocate(count, type).start, shape: shape)
  }

  /// The type of the elements.
  public var type: ElementType { region.buffer.type }
  /// The device that holds them.
  public var device: any Device { region.buffer.device }
  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// The number of axes.
  public var rank: Int { shape.count }
  /// The bytes of the elements.
  public var bytes: Int { count * type.size }

  /// Whether gradients flow to or through this tensor.
  package var needsGradient: Bool { isTracked || origin != nil }

  /// The elements as a strided view, broadcast to a larger shape.
  package func strided(as target: [Int]) -> Strided {
    Strided(region, strides: Shape.strides(shape, broadcastTo: target))
  }

  /// The elements as a contiguous strided view.
  package var strided: Strided { Strided(region, contiguous: shape) }
}

// MARK: - Between host and device

extension Tensor {
  /// A tensor of host numbers.
  /// - Throws: `TensorError` where the shape does not hold so many, `KernelError.outOfMemory`.
  public convenience init(_ values: [Float], shape: [Int], on device: any Device) throws {
    try self.init(host: values, .f32, shape: shape, on: device)
  }

  /// A tensor of host integers.
  /// - Throws: `TensorError` where the shape does not hold so many, `KernelError.outOfMemory`.
  public convenience init(_ values: [Int64], shape: [Int], on device: any Device) throws {
    try self.init(host: values, .i64, shape: shape, on: device)
  }

  /// A tensor of host truth values.
  /// - Throws: `TensorError` where the shape does not hold so many, `KernelError.outOfMemory`.
  public convenience init(_ values: [Bool], shape: [Int], on device: any Device) throws {
    try self.init(host: values.map { $0 ? UInt8(1) : 0 }, .bool, shape: shape, on: device)
  }

  private convenience init<Element>(
    host values: [Element], _ type: ElementType, shape: [Int], on device: any Device
  ) throws {
    guard try Shape.count(shape) == values.count else {
      throw TensorError.shape(
        verb: "fill", shape: shape, reason: "there are \(values.count) values")
    }
    try self.init(uninitialized: shape, type, on: device)
    try values.withUnsafeBytes { try device.upload($0, to: region) }
  }

  /// The elements as floats on the host, whatever their type.
  /// - Throws: what the device throws.
  public func floats() throws -> [Float] {
    try converted(to: .f32).download(Float.self, zero: 0)
  }

  /// The elements as integers on the host; floats truncate toward zero.
  /// - Throws: what the device throws.
  public func integers() throws -> [Int64] {
    try converted(to: .i64).download(Int64.self, zero: 0)
  }

  /// The elements as truth values on the host; nonzero is true.
  /// - Throws: what the device throws.
  public func truths() throws -> [Bool] {
    try converted(to: .bool).download(UInt8.self, zero: 0).map { $0 != 0 }
  }

  private func download<Element>(_: Element.Type, zero: Element) throws -> [Element] {
    var values = [Element](repeating: zero, count: count)
    try values.withUnsafeMutableBytes { try device.download(region, to: $0) }
    return values
  }

  /// The only element of a tensor that has one, as a double.
  /// - Throws: `TensorError` for another number of elements.
  public func item() throws -> Double {
    guard count == 1 else {
      throw TensorError.shape(
        verb: "take the item of", shape: shape, reason: "it has \(count) elements, not 1")
    }
    return type == .i64 ? Double(try integers()[0]) : Double(try floats()[0])
  }

  /// The same elements in another type: floats truncate toward zero as integers.
  /// - Throws: what the device throws.
  public func converted(to type: ElementType) throws -> Tensor {
    if type == self.type { return self }
    let result = try Tensor(uninitialized: shape, type, on: device)
    try device.convert(region, to: result.region, count: count)
    return result
  }

  /// A copy with memory of its own, a leaf.
  /// - Throws: `KernelError.outOfMemory`.
  public func copy() throws -> Tensor {
    let result = try Tensor(uninitialized: shape, type, on: device)
    try device.copy(strided, to: result.strided, shape: shape)
    return result
  }

  /// The same elements on another device, a leaf; this tensor where it is there already.
  /// - Throws: `KernelError.outOfMemory`, and what either device throws.
  public func moved(to other: any Device) throws -> Tensor {
    if other === device { return self }
    let result = try Tensor(uninitialized: shape, type, on: other)
    // By pieces, so that the host holds little of it.
    let piece = Swift.min(Swift.max(1, count), (64 << 20) / type.size)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: piece * type.size, alignment: 64)
    defer { bytes.deallocate() }
    for first in stride(from: 0, to: count, by: piece) {
      let part = UnsafeMutableRawBufferPointer(
        rebasing: bytes[..<(Swift.min(piece, count - first) * type.size)])
      try device.download(region.advanced(by: first), to: part)
      try other.upload(UnsafeRawBufferPointer(part), to: result.region.advanced(by: first))
    }
    return result
  }

  /// Overwrites the elements by those of `value`, broadcast to this shape and converted.
  /// - Throws: `TensorError` where the shapes do not fit.
  public func assign(_ value: Tensor) throws {
    try write(value, to: strided, shape: shape)
  }

  /// Writes `value`, broadcast and converted, to a strided part of this tensor.
  func write(_ value: Tensor, to target: Strided, shape: [Int]) throws {
    let fits = (try? Shape.broadcast(value.shape, shape, verb: "assign")) == shape
    guard fits else {
      throw TensorError.shapes(
        verb: "assign", left: value.shape, right: shape,
        reason: "the value does not broadcast to the place")
    }
    try requireSameDevice(value, "assign")
    let overlaps = value.region.buffer === region.buffer
    let source = try overlaps ? value.copy() : value.converted(to: type)
    try device.copy(source.strided(as: shape), to: target, shape: shape)
    region.buffer.edits += 1
  }

  /// Refuses operands on two devices.
  func requireSameDevice(_ other: Tensor, _ verb: String) throws {
    guard device === other.device else {
      throw TensorError.devices(
        verb: verb, left: device.name, right: other.device.name)
    }
  }
}
