import Kernels

/// How a tensor was computed: what it came from and how its gradient flows back.
package final class Origin {
  /// One more than the deepest parent's, so that descending depth is a topological order.
  let depth: Int
  private(set) var parents: [Tensor]
  private var flow: ((Tensor, Gradients) throws -> Void)?

  /// - Parameter depth: where the tensor stands in the order of the way back; above its parents where
  ///   nil.
  init(
    parents: [Tensor], depth: Int? = nil, flow: @escaping (Tensor, Gradients) throws -> Void
  ) {
    self.depth = depth ?? 1 + (parents.lazy.map { $0.origin?.depth ?? 0 }.max() ?? 0)
    self.parents = parents
    self.flow = flow
  }

  /// Sends the gradient on and lets go of everything kept for it.
  func backward(_ gradient: Tensor, _ gradients: Gradients) throws {
    try flow?(gradient, gradients)
    release()
  }

  func release() {
    flow = nil
    parents = []
  }
}

extension Tensor {
  /// Records how this tensor came about, where any parent is tracked. `flow` receives this tensor's
  /// gradient and adds the parents' to the gradients.
  package func recordOrigin(
    _ parents: [Tensor], _ flow: @escaping (Tensor, Gradients) throws -> Void
  ) {
    if parents.contains(where: \.needsGradient) {
      origin = Origin(parents: parents, flow: flow)
    }
  }
}

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

  /// Runs back from a tensor whose gradient is known, as far as `end` and the leaves; `end` has its
  /// gradient then and is not gone through.
  func run(from start: Tensor, _ gradient: Tensor, downTo end: Tensor?) throws {
    entries[ObjectIdentifier(start)] = Entry(value: gradient, isOwned: true, isWritten: true)
    for tensor in Self.computed(before: start, downTo: end) {
      try Interrupt.check()
      guard let entry = entries.removeValue(forKey: ObjectIdentifier(tensor)) else {
        tensor.origin?.release()
        continue
      }
      try tensor.origin?.backward(entry.value, self)
    }
  }

  /// All computed tensors that a tensor depends on, itself included, deepest first; without `end` and
  /// what is reached through it alone.
  private static func computed(before start: Tensor, downTo end: Tensor?) -> [Tensor] {
    var found: [Tensor] = []
    var seen: Set<ObjectIdentifier> = []
    if let end { seen.insert(ObjectIdentifier(end)) }
    var pending = [start]
    while let tensor = pending.popLast() {
      guard let origin = tensor.origin, seen.insert(ObjectIdentifier(tensor)).inserted else {
        continue
      }
      found.append(tensor)
      pending.append(contentsOf: origin.parents)
    }
    return found.sorted { ($0.origin?.depth ?? 0) > ($1.origin?.depth ?? 0) }
  }

  /// Adds to a tensor's gradient. `isFresh` says that nothing else refers to `gradient`.
  package func add(_ gradient: Tensor, to tensor: Tensor, isFresh: Bool = true) throws {
    guard tensor.needsGradient else { return }
    let key = ObjectIdentifier(tensor)
    guard let entry = entries[key] else {
      entries[key] = Entry(value: gradient, isOwned: isFresh, isWritten: true)
      return
    }
    let device = tensor.device
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
    guard tensor.needsGradient else { return nil }
    let key = ObjectIdentifier(tensor)
    if let entry = entries[key] {
      let memory = entry.isOwned ? entry.value : try entry.value.copy()
      entries[key] = Entry(value: memory, isOwned: true, isWritten: true)
      return (memory.region, entry.isWritten)
    }
    let memory = try Tensor(uninitialized: tensor.shape, on: tensor.device)
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
