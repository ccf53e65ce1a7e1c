import Kernels
import Language
import Tensors

extension TensorObject {
  static let attributeTexts: KeyValuePairs = [
    "shape": "The sizes of the axes.",
    "dtype": "The type of the elements: f32, i64 or bool.",
    "device": "The device that holds the elements.",
    "T": "The axes in reversed order.",
    "item": "The only element as a number.",
    "list": "The elements as nested lists.",
    "to": "The elements in another type or on another device.",
  ]

  var attributeNames: [String] { Self.attributeTexts.map(\.key) + tensorMethods.map(\.name) }

  func attributeSummary(_ name: String) -> String? {
    Self.attributeTexts.first { $0.key == name }?.value
      ?? tensorMethods.first { $0.name == name }?.summary
  }

  func attribute(_ name: String) throws -> Value? {
    let tensor = tensor
    switch name {
    case "shape": return .list(tensor.shape.map { .int($0) })
    case "dtype": return .string(tensor.type.name)
    case "device": return .string(tensor.device.name)
    case "T": return .tensor(try tensor.transposed())
    case "item":
      return method("item", "") { [self] _ in
        guard let number = try number() else {
          throw LanguageError("item() takes a tensor of one element, not shape \(tensor.shape)")
        }
        return number
      }
    case "list": return method("list", "") { _ in try tensor.listValue() }
    case "to":
      return method("to", "type_or_device") { arguments, interpreter in
        let name = try arguments.string("type_or_device")
        if let type = ElementType.allCases.first(where: { $0.name == name }) {
          return .tensor(try tensor.converted(to: type))
        }
        guard name.hasPrefix("cpu") || name.hasPrefix("opencl") else {
          throw KernelError.unsupported(
            "there is no type or device '\(name)': types are f32, i64 and bool, devices cpu, opencl "
              + "or opencl:N")
        }
        return .tensor(try tensor.moved(to: try interpreter.device(named: name)))
      }
    default:
      guard let function = tensorMethods.first(where: { $0.name == name }) else { return nil }
      return method(name, function.signature) { try function.body(tensor, $0) }
    }
  }
}

/// A function of a tensor that is a method too.
struct TensorMethod: Sendable {
  let name: String
  let signature: StaticString
  let summary: String
  let example: String
  let body: @Sendable (Tensor, BoundArguments) throws -> Value
}

extension Interpreter {
  /// A device of the session that runs the cell, at the session's precision.
  /// - Throws: `KernelError` for one that is not there or lacks the precision.
  func device(named name: String) throws -> any Device {
    guard let session = host as? Session else {
      throw KernelError.unsupported("there is no session that has devices")
    }
    let device = try session.devices.device(named: name)
    try device.use(session.device.precision)
    return device
  }
}

extension Tensor {
  /// The elements as nested lists of the language, a bare number where there is no axis.
  func listValue() throws -> Value {
    let elements: [Value] =
      switch type {
      case .f32: try floats().map { .float(Double($0)) }
      case .i64: try integers().map { .int(Int($0)) }
      case .bool: try truths().map { .bool($0) }
      }
    func nested(_ axis: Int, _ start: Int) -> Value {
      guard axis < rank else { return elements[start] }
      let step = shape[(axis + 1)...].reduce(1, *)
      return .list((0..<shape[axis]).map { nested(axis + 1, start + $0 * step) })
    }
    return nested(0, 0)
  }
}
