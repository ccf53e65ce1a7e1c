import JSONFormat

/// A value inside a tokenizer's files together with its path, so that every complaint can say
/// where.
struct Field {
  let path: String
  /// Nil where the member is missing or `null`.
  let value: JSON?

  init(path: String, value: JSON?) {
    self.path = path
    // Spelled out: in a conditional expression `nil` would be JSON's own null literal.
    if let value, !value.isNull { self.value = value } else { self.value = nil }
  }

  subscript(key: String) -> Field {
    Field(path: path.isEmpty ? key : "\(path).\(key)", value: value?[key])
  }

  /// An element of an array, for a message about it.
  subscript(index: Int) -> Field {
    let array = value?.array ?? []
    let element: JSON? = array.indices.contains(index) ? array[index] : Optional.none
    return Field(path: "\(path)[\(index)]", value: element)
  }

  var isPresent: Bool { value != nil }

  func fault(_ reason: String) -> TokenizerError {
    .invalid(part: path.isEmpty ? "tokenizer.json" : path, reason: reason)
  }

  func string() throws -> String {
    guard let string = value?.string else { throw fault("should be a string") }
    return string
  }

  func optionalString() throws -> String? {
    isPresent ? try string() : nil
  }

  func bool(default standard: Bool) throws -> Bool {
    guard let value else { return standard }
    guard let bool = value.bool else { throw fault("should be true or false") }
    return bool
  }

  /// A token id: not negative, and small enough that no sum of two overflows.
  func id() throws -> Int {
    guard let id = value?.int, id >= 0, id <= Int(Int32.max) else {
      throw fault("should be a token id, an integer from 0 to \(Int32.max)")
    }
    return id
  }

  func object() throws -> JSONObject {
    guard let object = value?.object else { throw fault("should be an object") }
    return object
  }

  func array() throws -> [JSON] {
    guard let array = value?.array else { throw fault("should be an array") }
    return array
  }

  /// The elements of an array, each with its path: for short arrays.
  func elements() throws -> [Field] {
    try array().enumerated().map { Field(path: "\(path)[\($0)]", value: $1) }
  }

  /// The elements, none where the member is missing.
  func optionalElements() throws -> [Field] {
    isPresent ? try elements() : []
  }
}
