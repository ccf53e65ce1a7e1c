import Kernels

/// What an operation on tensors refuses, with its operands.
public enum TensorError: Error, Equatable, CustomStringConvertible {
  /// Two shapes that do not go together; `verb` reads after "cannot", the reason after the colon.
  case shapes(verb: String, left: [Int], right: [Int], reason: String)
  /// One shape that an operation cannot take.
  case shape(verb: String, shape: [Int], reason: String)
  /// An element type that an operation cannot take.
  case type(operation: String, type: ElementType, wanted: String)
  /// Two devices in one operation.
  case devices(verb: String, left: String, right: String)
  /// An index outside its axis.
  case index(Int, axis: Int, length: Int)
  /// Anything else: a whole sentence.
  case invalid(String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .shapes(let verb, let left, let right, let reason):
      "cannot \(verb) shapes \(left) and \(right): \(reason)"
    case .shape(let verb, let shape, let reason):
      "cannot \(verb) shape \(shape): \(reason)"
    case .type(let operation, let type, let wanted):
      "\(operation) takes \(wanted), not a tensor of type \(type.name)"
    case .devices(let verb, let left, let right):
      "cannot \(verb) tensors on \(left) and \(right): move one with .to(\"\(left)\")"
    case .index(let index, let axis, let length):
      "index \(index) is outside axis \(axis), which has \(length) elements"
    case .invalid(let sentence): sentence
    }
  }
}
