import Kernels

/// How a tensor was computed: what it came from, how its gradient flows back, and how its elements
/// are made again where they were let go meanwhile.
///
/// An origin stands for its tensor on the way back and outlives it: operations that need no
/// elements of an operand keep its origin alone, and where an operand is cheap to make again, so do
/// those that need them (`Tensor.saved`).
package final class Origin {
  /// One more than the deepest parent's, so that descending depth is a topological order.
  let depth: Int
  private(set) var parents: [Origin]
  private var flow: ((Tensor, Gradients) throws -> Void)?
  private let remaking: Remaking?
  /// The elements made again, from when they are first asked for until the gradient has flowed.
  private var remade: Tensor?

  /// - Parameters:
  ///   - depth: where the tensor stands in the order of the way back; above its parents where nil.
  ///   - remaking: how its elements are made again; nil where they are to be kept.
  init(
    parents: [Origin], depth: Int? = nil, remaking: Remaking? = nil,
    flow: @escaping (Tensor, Gradients) throws -> Void
  ) {
    self.depth = depth ?? 1 + (parents.lazy.map(\.depth).max() ?? 0)
    self.parents = parents
    self.remaking = remaking
    self.flow = flow
  }

  /// Whether the elements can be had once the tensor is gone.
  var isRemakeable: Bool { remaking != nil }

  /// The elements, where they are still held or made again, once for all who ask.
  /// - Throws: what making them does.
  func value() throws -> Tensor {
    guard let remaking else { preconditionFailure("a value that was let go and cannot be remade") }
    if let held = remaking.held ?? remade { return held }
    let value = try remaking.make()
    remade = value
    return value
  }

  /// Sends the gradient on and lets go of everything kept for it.
  func backward(_ gradient: Tensor, _ gradients: Gradients) throws {
    // All that asked for the elements is deeper and has had its turn.
    remade = nil
    try flow?(gradient, gradients)
    release()
  }

  /// Lets go of everything kept for the gradient.
  func release() {
    flow = nil
    parents = []
    remade = nil
  }
}

/// How a tensor's elements are made again, and where they are as long as anybody holds them.
struct Remaking {
  private weak var buffer: Buffer?
  private let offset: Int
  private let shape: [Int]
  /// The same elements, bit for bit.
  let make: () throws -> Tensor

  init(_ tensor: Tensor, _ make: @escaping () throws -> Tensor) {
    buffer = tensor.region.buffer
    offset = tensor.region.offset
    shape = tensor.shape
    self.make = make
  }

  /// The elements that were never let go, nil where they were.
  var held: Tensor? { buffer.map { Tensor(Region($0, offset: offset), shape: shape) } }
}

extension Tensor {
  /// Records how this tensor came about, where any parent is tracked. `flow` receives this tensor's
  /// gradient and adds the parents' to the gradients.
  ///
  /// - Parameter remake: makes the same elements again, bit for bit, from what it keeps; this
  ///   tensor's own are then let go with it, and made again once where the way back asks for them.
  ///   nil keeps them for those who do.
  package func recordOrigin(
    _ parents: [Tensor], remake: (() throws -> Tensor)? = nil,
    _ flow: @escaping (Tensor, Gradients) throws -> Void
  ) {
    guard parents.contains(where: \.needsGradient) else { return }
    origin = Origin(
      parents: parents.compactMap(\.origin), remaking: remake.map { Remaking(self, $0) },
      flow: flow)
  }

  /// Where this tensor's gradient goes, without its elements.
  package var target: GradientTarget { GradientTarget(self) }

  /// This tensor's elements for the way back.
  package var saved: SavedTensor { SavedTensor(self) }
}

/// Where an operand's gradient goes; it does not hold the elements of one that was computed.
package struct GradientTarget {
  /// The operand's shape.
  package let shape: [Int]
  /// The operand's device.
  package let device: any Device
  private let origin: Origin?
  private let leaf: Tensor?

  fileprivate init(_ tensor: Tensor) {
    shape = tensor.shape
    device = tensor.device
    origin = tensor.origin
    leaf = tensor.origin == nil && tensor.isTracked ? tensor : nil
  }

  /// Whether a gradient is wanted.
  package var needsGradient: Bool { origin != nil || leaf?.isTracked == true }

  /// What stands for the operand in the gradients; nil where none is wanted.
  var key: ObjectIdentifier? {
    origin.map { ObjectIdentifier($0) } ?? leaf.map { ObjectIdentifier($0) }
  }
}

/// An operand's elements, kept for the way back or made again on it.
package struct SavedTensor {
  private enum Source {
    case kept(Tensor)
    case remade(Origin)
  }

  private let source: Source

  fileprivate init(_ tensor: Tensor) {
    if let origin = tensor.origin, origin.isRemakeable {
      source = .remade(origin)
    } else {
      source = .kept(tensor.detached())
    }
  }

  /// The elements, without a record of how they came about.
  /// - Throws: what making them again does.
  package func value() throws -> Tensor {
    switch source {
    case .kept(let tensor): tensor
    case .remade(let origin): try origin.value()
    }
  }
}
