/// A value that the host adds to the language: a tensor, a model, a figure.
///
/// Every requirement but `typeName` has a default, so an object implements what it has.
public protocol HostObject: AnyObject {
  /// The type's name, such as `tensor`.
  var typeName: String { get }
  /// What `repr` and `print` show.
  func representation() throws -> String
  /// The same in lines of at most so many characters, where they can be broken; nil: as they are.
  func representation(width: Int?) throws -> String
  /// The text of `format(object, spec)`; nil: only the empty specification is understood.
  func formatted(_ specification: String) throws -> String?
  /// An attribute or method; nil: there is none (the interpreter makes the error).
  func attribute(_ name: String) throws -> Value?
  /// Sets an attribute.
  func setAttribute(_ name: String, to value: Value) throws
  /// The names for completion and for did-you-mean.
  var attributeNames: [String] { get }
  /// What an attribute or method is, in a line; nil: it does not say.
  func attributeSummary(_ name: String) -> String?
  /// `object[index]`; an index with commas arrives as a tuple, slices as `.slice`.
  func item(_ index: Value) throws -> Value
  /// `object[index] = value`.
  func setItem(_ index: Value, to value: Value) throws
  /// `del object[index]`.
  func deleteItem(_ index: Value) throws
  /// The string keys that `object["` completes.
  var itemNames: [String] { get }
  /// `len(object)`; nil: it has none.
  func length() throws -> Int?
  /// The elements that `for` walks; nil: it cannot be walked.
  func iterate() throws -> ValueIterator?
  /// Whether the object counts as true.
  func truth() throws -> Bool
  /// `value in object`; nil: look through what `iterate` gives.
  func contains(_ value: Value) throws -> Bool?
  /// `object op other`, or `other op object` where reflected; comparisons too. nil: not supported.
  func binary(_ operation: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value?
  /// `op object`; nil: not supported.
  func unary(_ operation: UnaryOperator) throws -> Value?
  /// The object as a plain number for `int`, `float`, `round` and indices; nil: it is none.
  func number() throws -> Value?
  /// `object(...)`; nil: it cannot be called.
  func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value?
  /// What a call of the object takes, for help and completion.
  var callSignature: Signature? { get }
}

extension HostObject {
  /// `<typeName>`.
  public func representation() throws -> String { "<\(typeName)>" }
  /// Only the empty specification.
  public func formatted(_ specification: String) throws -> String? { nil }
  /// No attributes.
  public func attribute(_ name: String) throws -> Value? { nil }
  /// Refused.
  public func setAttribute(_ name: String, to value: Value) throws {
    if try attribute(name) != nil {
      throw LanguageError("'\(name)' of \(withArticle(typeName)) cannot be set")
    }
    throw LanguageError.noAttribute(name, of: .object(self))
  }
  /// None.
  public var attributeNames: [String] { [] }
  /// Nothing.
  public func attributeSummary(_ name: String) -> String? { nil }
  /// Refused.
  public func item(_ index: Value) throws -> Value {
    throw LanguageError("\(withArticle(typeName)) cannot be indexed")
  }
  /// Refused.
  public func setItem(_ index: Value, to value: Value) throws {
    throw LanguageError("items of \(withArticle(typeName)) cannot be set")
  }
  /// Refused.
  public func deleteItem(_ index: Value) throws {
    throw LanguageError("items of \(withArticle(typeName)) cannot be deleted")
  }
  /// None.
  public var itemNames: [String] { [] }
  /// No length.
  public func length() throws -> Int? { nil }
  /// Not iterable.
  public func iterate() throws -> ValueIterator? { nil }
  /// True unless the length is 0.
  public func truth() throws -> Bool { try length() != 0 }
  /// Looks through the elements.
  public func contains(_ value: Value) throws -> Bool? { nil }
  /// Not supported.
  public func binary(
    _ operation: BinaryOperator, _ other: Value, reflected: Bool
  ) throws -> Value? { nil }
  /// Not supported.
  public func unary(_ operation: UnaryOperator) throws -> Value? { nil }
  /// Not a number.
  public func number() throws -> Value? { nil }
  /// Not callable.
  public func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? { nil }
  /// Unknown.
  public var callSignature: Signature? { nil }
}

/// The type of a host's value, as `type(x)` gives it.
final class TypeObject: HostObject, Equatable {
  let name: String
  init(_ name: String) { self.name = name }
  var typeName: String { "type" }
  var attributeNames: [String] { ["__name__"] }
  func representation() -> String { "<class '\(name)'>" }
  func attribute(_ name: String) -> Value? { name == "__name__" ? .string(self.name) : nil }
  static func == (left: TypeObject, right: TypeObject) -> Bool { left.name == right.name }
  func binary(_ operation: BinaryOperator, _ other: Value, reflected: Bool) -> Value? {
    let same = Value.object(self).isIdentical(to: other)
    switch operation {
    case .equal: return .bool(same)
    case .notEqual: return .bool(!same)
    default: return nil
    }
  }
}
