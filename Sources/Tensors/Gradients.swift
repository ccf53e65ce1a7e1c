import Kernels

/// Gradients of one scalar, by reverse accumulation over what the tensors recorded.
///
/// The record is used up on the way, so that memory falls as the pass goes back.
package final class Gradients {
  private struct Entry {
    var value: Tensor
    /// Whether nothing else refers to the value, so that it may be added to in place.
    var isOwned: Bool
    /// Whether the value holds a gradient yet; one prepared by the caller does not.
    var isWritten: Bool
  }

  private var entries: [ObjectIdentifier: Entry] = [:]

  package init() {}

  /// Prepares memory for a leaf's gradient. With `accumulates` what it holds is added to.
  package func prepare(_ memory: Tensor, for leaf: Tensor, accumulates: Bool) {
    entries[ObjectIdentifier(leaf)] = Entry(
      value: memory, isOwned: true, isWritten: accumulates)
  }

  /// The gradient found for a leaf, nil where none reached it.
  package subscript(leaf: Tensor) -> Tensor? {
    entries[ObjectIdentifier(leaf)].flatMap { $0.isWritten ? $0.value : nil }
  }

  /// Runs back from a scalar.
  /// - Throws: `TensorError` where it is not one; whatever an operation throws.
  package func run(from scalar: Tensor) throws {
    guard scalar.count == 1, scalar.type == .f32 else {
      throw TensorError.shape(
        verb: "differentiate", shape: scalar.shape, reason: "gradients start from one f32 number")
    }
    guard scalar.origin != nil else { return }
    try run(from: scalar, try Tensor.full(scalar.shape, 1, on: scalar.device), downTo: nil)
  }

  /// Runs back from a computed tensor whose gradient is known, as far as `end` and the leaves;
  /// `end` has its gradient then and is not gone through.
  func run(from start: Tensor, _ gradient: Tensor, downTo end: Tensor?) throws {
    guard let first = start.origin else { return }
    entries[ObjectIdentifier(first)] = Entry(value: gradient, isOwned: true, isWritten: true)
    var pending = Self.computed(before: first, downTo: end?.origin)
    // Taken off the list as the pass goes back, so that nothing here holds what it has let go.
    while let origin = pending.popLast() {
      try Interrupt.check()
      guard let entry = entries.removeValue(forKey: ObjectIdentifier(origin)) else {
        origin.release()
        continue
      }
      try origin.backward(entry.value, self)
    }
  }

  /// The origins of all computed tensors that one depends on, itself included, deepest last;
  /// without `end` and what is reached through it alone.
  private static func computed(before start: Origin, downTo end: Origin?) -> [Origin] {
    var found: [Origin] = []
    var seen: Set<ObjectIdentifier> = []
    if let end { seen.insert(ObjectIdentifier(end)) }
    var pending = [start]
    while let origin = pending.popLast() {
      guard seen.insert(ObjectIdentifier(origin)).inserted else { continue }
      found.append(origin)
      pending.append(contentsOf: origin.parents)
    }
    return found.sorted { $0.depth > $1.depth }.reversed()
  }

  /// Adds to a tensor's gradient. `isFresh` says that nothing else refers to `gradient`.
  package func add(_ gradient: Tensor, to tensor: Tensor, isFresh: Bool = true) throws {
    try add(gradient, to: tensor.target, isFresh: isFresh)
  }

  /// Adds to a gradient. `isFresh` says that nothing else refers to `gradient`.
  package func add(
    _ gradient: Tensor, to target: GradientTarget, isFresh: Bool = true
  ) throws {
    guard target.needsGradient, let key = target.key else { return }
    guard let entry = entries[key] else {
      entries[key] = Entry(value: gradient, isOwned: isFresh, isWritten: true)
      return
    }
    let device = target.device
    if !entry.isWritten {
      try device.copy(gradient.strided, to: entry.value.strided, shape: gradient.shape)
      entries[key]?.isWritten = true
    } else if entry.isOwned {
      try device.accumulate(
        gradient.region, scale: 1, into: entry.value.region, count: gradient.count)
    } else {
      let sum = try Tensor(uninitialized: gradient.shape, on: device)
      try device.apply(
        .add, entry.value.strided, gradient.strided, to: sum.region, shape: sum.shape)
      entries[key] = Entry(value: sum, isOwned: true, isWritten: true)
    }
  }

  /// Where to put a tensor's gradient directly, and whether to add to what is there; nil where none
  /// is wanted. The caller writes all of it before anything else is asked of the gradients.
  package func destination(for tensor: Tensor) throws -> (region: Region, accumulates: Bool)? {
    try destination(for: tensor.target)
  }

  /// Where to put a gradient directly, and whether to add to what is there; nil where none is
  /// wanted. The caller writes all of it before anything else is asked of the gradients.
  package func destination(
    for target: GradientTarget
  ) throws -> (region: Region, accumulates: Bool)? {
    guard target.needsGradient, let key = target.key else { return nil }
    if let entry = entries[key] {
      let memory = entry.isOwned ? entry.value : try entry.value.copy()
      entries[key] = Entry(value: memory, isOwned: true, isWritten: true)
      return (memory.region, entry.isWritten)
    }
    let memory = try Tensor(uninitialized: target.shape, on: target.device)
    entries[key] = Entry(value: memory, isOwned: true, isWritten: true)
    return (memory.region, false)
  }
}

/// The gradients of a scalar with respect to tensors that were tracked when it was computed; zeros
/// where it does not depend on one.
/// - Throws: `TensorError` where the scalar is not one.
package func gradients(of scalar: Tensor, for leaves: [Tensor]) throws -> [Tensor] {
  let gradients = Gradients()
  try gradients.run(from: scalar)
  return try leaves.map { try gradients[$0] ?? Tensor.full($0.shape, 0, on: $0.device) }
}
