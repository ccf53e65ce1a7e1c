internal import COpenCL

/// What a kernel is given.
enum KernelArgument {
  /// A region of `count` elements: its buffer and where it begins, two arguments.
  case region(Region, count: Int)
  /// A strided operand of a walk: its buffer and where index zero stands, two arguments.
  case operand(Region, Int, of: StridedWalk)
  case long(Int)
  case int(Int)
  case float(Float)
  /// A structure, as it lies in memory.
  case bytes([UInt8])

  static func bool(_ value: Bool) -> KernelArgument { .int(value ? 1 : 0) }
}

extension Region {
  /// The buffer behind the region.
  /// - Throws: `KernelError.unsupported` for a buffer of another device.
  func openCLBuffer(of device: OpenCLDevice) throws -> OpenCLBuffer {
    guard let buffer = buffer as? OpenCLBuffer, buffer.device === device else {
      throw KernelError.unsupported(
        "\(device.name) cannot reach a tensor of device \(buffer.device.name): "
          + "move it with .to(\"\(device.name)\") first")
    }
    return buffer
  }
}

extension KernelArgument {
  /// Sets the argument, from place `index` on; returns the place of the next.
  /// - Throws: `KernelError.unsupported` for a buffer of another device, `failed`.
  func set(on kernel: cl_kernel, at index: cl_uint, _ device: OpenCLDevice) throws -> cl_uint {
    let cl = device.context.driver.cl
    func put<Value>(_ value: Value, _ place: cl_uint) throws {
      let status = withUnsafeBytes(of: value) {
        cl.clSetKernelArg(kernel, place, $0.count, $0.baseAddress)
      }
      try device.context.driver.check(status, "setting argument \(place) of a kernel")
    }
    func put(_ buffer: OpenCLBuffer, _ offset: Int) throws -> cl_uint {
      try put(buffer.memory.handle as cl_mem?, index)
      try put(Int64(offset), index + 1)
      return index + 2
    }
    switch self {
    case .region(let region, let count):
      let buffer = try region.openCLBuffer(of: device)
      // Beyond the bounds lies other buffers' memory: a wrong shape must stop here.
      precondition(
        region.offset >= 0 && count >= 0 && region.offset + count <= buffer.count,
        "\(count) elements from \(region.offset) of a buffer of \(buffer.count)")
      return try put(buffer, region.offset)
    case .operand(let region, let operand, let walk):
      let buffer = try region.openCLBuffer(of: device)
      let bounds = walk.bounds(operand)
      precondition(
        region.offset + bounds.lowerBound >= 0
          && region.offset + bounds.upperBound < buffer.count,
        "elements \(bounds) about \(region.offset) of a buffer of \(buffer.count)")
      return try put(buffer, region.offset)
    case .long(let value): try put(Int64(value), index)
    case .int(let value): try put(Int32(value), index)
    case .float(let value): try put(value, index)
    case .bytes(let bytes):
      let status = bytes.withUnsafeBytes {
        cl.clSetKernelArg(kernel, index, $0.count, $0.baseAddress)
      }
      try device.context.driver.check(status, "setting argument \(index) of a kernel")
    }
    return index + 1
  }
}
