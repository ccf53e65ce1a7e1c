/// What holds other values. Long chains of containers (`x = [x]`, a million times) are taken apart
/// by a loop: Swift would release them by recursion and overflow the stack.
///
/// Values that hold each other in a ring are never released; the language has no collector.
public class Container {
  init() {}

  /// Gives up all values held, adding the containers among them to `pending`.
  func surrender(into pending: inout [Container]) {}

  /// Releases what the container holds without recursion; for `deinit`.
  final func dismantle() {
    var pending: [Container] = []
    surrender(into: &pending)
    while var next = pending.popLast() {
      // A container that nobody else holds is referenced by `next` alone.
      if isKnownUniquelyReferenced(&next) { next.surrender(into: &pending) }
    }
  }
}

extension [Container] {
  /// Adds the containers among some values.
  mutating func collect(_ values: [Value]) {
    for value in values { if let container = value.container { append(container) } }
  }
}

extension Value {
  /// The object behind the value that holds other values.
  fileprivate var container: Container? {
    switch self {
    case .list(let object): object
    case .tuple(let tuple): tuple.storage
    case .dict(let object): object
    case .function(let function): function
    default: nil
    }
  }
}

/// A mutable list, shared by all that name it.
public final class ListObject: Container {
  /// The elements in order.
  public var elements: [Value]

  /// A list of values.
  public init(_ elements: [Value] = []) {
    self.elements = elements
  }

  override func surrender(into pending: inout [Container]) {
    pending.collect(elements)
    elements = []
  }

  deinit { dismantle() }
}

/// An immutable row of values.
public struct Tuple: RandomAccessCollection, ExpressibleByArrayLiteral {
  final class Storage: Container {
    var elements: [Value]
    init(_ elements: [Value]) { self.elements = elements }
    override func surrender(into pending: inout [Container]) {
      pending.collect(elements)
      elements = []
    }
    deinit { dismantle() }
  }

  let storage: Storage

  /// A tuple of values.
  public init(_ elements: [Value]) { storage = Storage(elements) }
  /// A tuple of values.
  public init(arrayLiteral elements: Value...) { storage = Storage(elements) }

  /// The elements in order.
  public var elements: [Value] { storage.elements }
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of elements.
  public var endIndex: Int { storage.elements.count }
  /// The element at a position from 0.
  public subscript(position: Int) -> Value { storage.elements[position] }

  func isIdentical(to other: Tuple) -> Bool { storage === other.storage }
}

/// The numbers of `range(start, stop, step)`.
public struct RangeValue: Equatable, Sendable {
  /// The first number.
  public let start: Int
  /// Where it ends; not included.
  public let stop: Int
  /// The distance of two numbers; not 0.
  public let step: Int
  /// How many numbers there are.
  public let count: Int

  /// A range; nil where the step is 0 or the numbers do not fit.
  public init?(start: Int, stop: Int, step: Int = 1) {
    guard step != 0 else { return nil }
    self.start = start
    self.stop = stop
    self.step = step
    let (distance, overflow) = stop.subtractingReportingOverflow(start)
    if overflow { return nil }
    if distance == 0 || (distance > 0) != (step > 0) {
      count = 0
    } else {
      let size = (distance.magnitude - 1) / step.magnitude
      guard size < UInt(Int.max) else { return nil }
      count = Int(size) + 1
    }
  }

  /// The number at a position from 0 to `count` - 1.
  subscript(position: Int) -> Int { start &+ position &* step }

  /// Whether a number is in the range.
  func contains(_ number: Int) -> Bool {
    guard count > 0 else { return false }
    let last = self[count - 1]
    guard step > 0 ? (start...last).contains(number) : (last...start).contains(number) else {
      return false
    }
    let distance = number.subtractingReportingOverflow(start)
    return !distance.overflow && distance.partialValue.magnitude % step.magnitude == 0
  }

  /// Two ranges are equal when they give the same numbers.
  public static func == (left: RangeValue, right: RangeValue) -> Bool {
    left.count == right.count
      && (left.count == 0
        || (left.start == right.start && (left.count == 1 || left.step == right.step)))
  }
}
