import Kernels

extension Tensor {
  /// The sum over all elements, or along an axis. f32 or i64; bool counts as i64.
  /// - Throws: `TensorError` for an axis that is not there.
  public func sum(axis: Int? = nil, keepsAxis: Bool = false) throws -> Tensor {
    if type == .bool {
      return try converted(to: .i64).sum(axis: axis, keepsAxis: keepsAxis)
    }
    let result = try reduced(.sum, axis: axis, keepsAxis: keepsAxis)
    let kept = try reducedShape(axis: axis, keepsAxis: true)
    let source = shape
    result.recordOrigin([self]) { gradient, gradients in
      let spread = try Tensor(gradient.region, shape: kept).broadcast(to: source)
      try gradients.add(spread, to: self)
    }
    return result
  }

  /// The mean over all elements, or along an axis, in f32; NaN where there are none.
  /// - Throws: `TensorError` for an axis that is not there.
  public func mean(axis: Int? = nil, keepsAxis: Bool = false) throws -> Tensor {
    let length = try length(along: axis)
    return try converted(to: .f32).sum(axis: axis, keepsAxis: keepsAxis)
      .scaled(by: 1 / Float(length))
  }

  /// The variance over n, in f32, found in two passes.
  /// - Throws: `TensorError` for an axis that is not there.
  public func variance(axis: Int? = nil) throws -> Tensor {
    let values = try converted(to: .f32)
    let flat = axis == nil ? try values.reshaped([count]) : values
    let centred = try flat.minus(flat.mean(axis: axis ?? 0, keepsAxis: true))
    return try centred.times(centred).mean(axis: axis ?? 0)
  }

  /// The Euclidean norm over all elements, or along an axis, in f32.
  /// - Throws: `TensorError` for an axis that is not there.
  public func norm(axis: Int? = nil) throws -> Tensor {
    let values = try converted(to: .f32)
    return try values.times(values).sum(axis: axis).squareRoot()
  }

  /// The largest element, of all or along an axis; NaN wins.
  /// - Throws: `TensorError` for an axis that is not there or empty.
  public func max(axis: Int? = nil) throws -> Tensor {
    try extreme(.maximum, axis: axis)
  }

  /// The smallest element, of all or along an axis; NaN wins.
  /// - Throws: `TensorError` for an axis that is not there or empty.
  public func min(axis: Int? = nil) throws -> Tensor {
    try extreme(.minimum, axis: axis)
  }

  /// Whether any element is nonzero, of all or along an axis.
  /// - Throws: `TensorError` for an axis that is not there.
  public func any(axis: Int? = nil) throws -> Tensor {
    try converted(to: .bool).reduced(.any, axis: axis, keepsAxis: false)
  }

  /// Whether all elements are nonzero, of all or along an axis.
  /// - Throws: `TensorError` for an axis that is not there.
  public func all(axis: Int? = nil) throws -> Tensor {
    try converted(to: .bool).reduced(.all, axis: axis, keepsAxis: false)
  }

  /// The lowest index of the largest element, of all (flattened) or along an axis, as i64.
  /// - Throws: `TensorError` for an axis that is not there or empty.
  public func argmax(axis: Int? = nil) throws -> Tensor {
    try extremeIndex(largest: true, axis: axis)
  }

  /// The lowest index of the smallest element, of all (flattened) or along an axis, as i64.
  /// - Throws: `TensorError` for an axis that is not there or empty.
  public func argmin(axis: Int? = nil) throws -> Tensor {
    try extremeIndex(largest: false, axis: axis)
  }

  /// Softmax along the last axis.
  /// - Throws: `TensorError` for a scalar.
  public func softmax() throws -> Tensor {
    guard let width = shape.last else {
      throw TensorError.shape(verb: "take the softmax of", shape: shape, reason: "it has no axis")
    }
    let values = try converted(to: .f32)
    let result = try Tensor(uninitialized: shape, on: device)
    try device.softmax(
      values.region, to: result.region, rows: width == 0 ? 0 : count / width, width: width)
    let probabilities = Tensor(result.region, shape: shape)
    result.recordOrigin([values]) { gradient, gradients in
      let weighted = try gradient.times(probabilities)
      let total = try weighted.sum(axis: -1, keepsAxis: true)
      try gradients.add(try weighted.minus(probabilities.times(total)), to: values)
    }
    return result
  }

  private func extreme(_ reduction: Reduction, axis: Int?) throws -> Tensor {
    if type == .bool { return try converted(to: .i64).extreme(reduction, axis: axis) }
    try requireElements(reduction == .maximum ? "max" : "min", axis: axis)
    let result = try reduced(reduction, axis: axis, keepsAxis: false)
    guard type == .f32, needsGradient else { return result }
    let position = try extremeIndex(largest: reduction == .maximum, axis: axis)
    let kept = try reducedShape(axis: axis, keepsAxis: true)
    result.recordOrigin([self]) { gradient, gradients in
      let isIt = try self.isAt(position, axis: axis, kept: kept)
      let zero = try Tensor.full([], 0, on: gradient.device)
      let spread = try Tensor(gradient.region, shape: kept).broadcast(to: self.shape)
      try gradients.add(try Tensor.select(isIt, spread, zero), to: self)
    }
    return result
  }

  /// True at the elements whose index along the axis is `position`.
  private func isAt(_ position: Tensor, axis: Int?, kept: [Int]) throws -> Tensor {
    guard let axis else {
      let index = try Tensor.range(0, count, step: 1, on: device)
      return try index.binary(.equal, position).reshaped(shape)
    }
    let place = try Shape.axis(axis, rank: rank)
    var line = [Int](repeating: 1, count: rank)
    line[place] = shape[place]
    let index = try Tensor.range(0, shape[place], step: 1, on: device).reshaped(line)
    return try index.binary(.equal, position.reshaped(kept))
  }

  private func extremeIndex(largest: Bool, axis: Int?) throws -> Tensor {
    try requireElements(largest ? "argmax" : "argmin", axis: axis)
    let values = type == .bool ? try converted(to: .i64) : self
    let sizes = try sizes(axis: axis)
    let result = try Tensor(
      uninitialized: reducedShape(axis: axis, keepsAxis: false), .i64, on: device)
    try device.reduceIndex(
      largest: largest, values.region, outer: sizes.outer, count: sizes.count, inner: sizes.inner,
      to: result.region)
    return result
  }

  private func reduced(_ reduction: Reduction, axis: Int?, keepsAxis: Bool) throws -> Tensor {
    let sizes = try sizes(axis: axis)
    let result = try Tensor(
      uninitialized: reducedShape(axis: axis, keepsAxis: keepsAxis), type, on: device)
    try device.reduce(
      reduction, region, outer: sizes.outer, count: sizes.count, inner: sizes.inner,
      to: result.region)
    return result
  }

  private func sizes(axis: Int?) throws -> (outer: Int, count: Int, inner: Int) {
    guard let axis else { return (1, count, 1) }
    return Shape.split(shape, at: try Shape.axis(axis, rank: rank))
  }

  private func length(along axis: Int?) throws -> Int { try sizes(axis: axis).count }

  private func reducedShape(axis: Int?, keepsAxis: Bool) throws -> [Int] {
    guard let axis else { return keepsAxis ? shape.map { _ in 1 } : [] }
    var result = shape
    let place = try Shape.axis(axis, rank: rank)
    if keepsAxis { result[place] = 1 } else { result.remove(at: place) }
    return result
  }

  private func requireElements(_ operation: String, axis: Int?) throws {
    if try length(along: axis) == 0 {
      throw TensorError.shape(
        verb: "take the \(operation) of", shape: shape, reason: "there are no elements")
    }
  }
}
