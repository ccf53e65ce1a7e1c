import Language
import Models

/// How large a value is, as lists of variables show it.
struct ValueMeasure {
  /// The type, of a tensor with that of its elements.
  let type: String
  /// The shape, the length, or what else tells the size; nil where there is nothing of the kind.
  private(set) var extent: String?
  /// The bytes of its elements, nil where they are not its own or not known.
  private(set) var bytes: Int?
  /// The device that holds it.
  private(set) var device: String?

  /// Measures a value without computing anything.
  init(of value: Value) {
    switch value {
    case .object(let object as TensorObject):
      type = "tensor \(object.tensor.type.name)"
      extent = "\(object.tensor.shape)"
      bytes = object.tensor.bytes
      device = object.tensor.device.name
    case .string(let text):
      type = value.typeName
      extent = "\(text.unicodeScalars.count)"
      bytes = text.utf8.count
    case .list(let list):
      type = value.typeName
      extent = "\(list.elements.count)"
    case .tuple(let tuple):
      type = value.typeName
      extent = "\(tuple.elements.count)"
    case .dict(let dict):
      type = value.typeName
      extent = "\(dict.entries.count)"
    case .function(let function):
      type = value.typeName
      extent = "(\(function.signature.text))"
    case .object(let object):
      type = value.typeName
      measure(object)
    default: type = value.typeName
    }
  }

  private mutating func measure(_ object: any HostObject) {
    switch object {
    case let object as ModelObject:
      extent = counted(object.model.parameters, "parameter")
      bytes = object.model.mask == nil ? object.model.savedBytes : nil
      device = object.model.device.name
    case let object as TokensObject:
      extent = "[\(object.windows.count), \(object.windows.length)]"
      bytes = object.windows.ids.count * MemoryLayout<Int64>.size
    case let object as TableObject: extent = "[\(object.rows.count), \(object.columns.count)]"
    case let object as RunObject: extent = counted(object.run.loss.count, "step")
    case let object as ImportanceObject:
      extent = counted(object.importance.windows, "window")
    default: extent = (try? object.length()).flatMap { $0.map(String.init) }
    }
  }
}
