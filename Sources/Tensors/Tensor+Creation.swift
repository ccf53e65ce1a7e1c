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
