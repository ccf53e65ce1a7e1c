import Kernels

extension Tensor {
  /// A tensor of one f32 value.
  /// - Throws: `TensorError` for an impossible shape, `KernelError.outOfMemory`.
  public static func full(_ shape: [Int], _ value: Float, on device: any Device) throws -> Tensor {
    try filled(shape, .f32, .float(value), on: device)
  }

  /// A tensor of one value in a chosen type.
  package static func filled(
    _ shape: [Int], _ type: ElementType, _ value: Scalar, on device: any Device
  ) throws -> Tensor {
    let tensor = try Tensor(uninitialized: shape, type, on: device)
    try device.fill(tensor.strided, shape: shape, with: value)
    return tensor
  }

  /// The i64 numbers `start`, `start + step`, … before `end`.
  /// - Throws: `TensorError` for a step of 0.
  public static func range(_ start: Int, _ end: Int, step: Int, on device: any Device) throws
    -> Tensor
  {
    guard step != 0 else { throw TensorError.invalid("arange needs a step other than 0") }
    let (span, overflow) = end.subtractingReportingOverflow(start)
    guard !overflow else { throw TensorError.invalid("arange spans more than 64 bits") }
    let count = span.signum() == step.signum() ? (span.magnitude - 1) / step.magnitude + 1 : 0
    let shape = [Int(clamping: count)]
    let tensor = try Tensor(uninitialized: shape, .i64, on: device)
    let values = (0..<shape[0]).map { Int64(start + $0 * step) }
    try values.withUnsafeBytes { try device.upload($0, to: tensor.region) }
    return tensor
  }

  /// `count` numbers at equal distances from `first` to `last`, both among them where there are
  /// two.
  /// - Throws: `TensorError` for an impossible count, `KernelError.outOfMemory`.
  public static func line(
    from first: Double, to last: Double, count: Int, on device: any Device
  ) throws -> Tensor {
    let tensor = try Tensor(uninitialized: [count], on: device)
    let step = count > 1 ? (last - first) / Double(count - 1) : 0
    var values = (0..<count).map { Float(first + Double($0) * step) }
    if count > 1 { values[count - 1] = Float(last) }
    try values.withUnsafeBytes { try device.upload($0, to: tensor.region) }
    return tensor
  }

  /// Ones on the diagonal of a square of zeros.
  /// - Throws: `TensorError` for an impossible size, `KernelError.outOfMemory`.
  public static func identity(_ size: Int, on device: any Device) throws -> Tensor {
    let tensor = try full([size, size], 0, on: device)
    let diagonal = Strided(tensor.region, strides: [size + 1])
    try device.fill(diagonal, shape: [size], with: .float(1))
    return tensor
  }

  /// Tensors of one shape along a new axis.
  /// - Throws: `TensorError` for other shapes, or an axis that is not there.
  public static func stacked(_ parts: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = parts.first else { throw TensorError.invalid("stack needs a tensor") }
    let place = try Shape.axis(axis, rank: first.rank + 1)
    if let other = parts.first(where: { $0.shape != first.shape }) {
      throw TensorError.shapes(
        verb: "stack", left: first.shape, right: other.shape, reason: "the shapes must agree")
    }
    var shape = first.shape
    shape.insert(1, at: place)
    return try concatenated(parts.map { try $0.reshaped(shape) }, axis: place)
  }

  /// Independent numbers of equal chance in [0, 1), the same on every device for the same generator
  /// state.
  /// - Throws: `TensorError` for an impossible shape, `KernelError.outOfMemory`.
  public static func uniform(
    _ shape: [Int], using generator: inout RandomGenerator, on device: any Device
  ) throws -> Tensor {
    let tensor = try Tensor(uninitialized: shape, on: device)
    // 24 bits fill an f32 below 1; more would round up to it.
    let values = (0..<tensor.count).map { _ in Float(generator.next() >> 40) * 0x1p-24 }
    try values.withUnsafeBytes { try device.upload($0, to: tensor.region) }
    return tensor
  }

  /// Independent standard normal numbers, the same on every device for the same generator state.
  /// - Throws: `TensorError` for an impossible shape, `KernelError.outOfMemory`.
  public static func normal(
    _ shape: [Int], using generator: inout RandomGenerator, on device: any Device
  ) throws -> Tensor {
    let tensor = try Tensor(uninitialized: shape, on: device)
    let values = (0..<tensor.count).map { _ in Float(generator.normal()) }
    try values.withUnsafeBytes { try device.upload($0, to: tensor.region) }
    return tensor
  }
}
