import Compression
import Corpus
import Kernels
import Language
import Models
import Tensors

extension BoundArguments {
  /// One of the values of a string enumeration.
  /// - Parameter called: what errors call the parameter, its name by default.
  /// - Throws: `LanguageError` naming all of them.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, called: String? = nil
  ) throws -> Choice {
    let text = try string(name)
    if let choice = Choice(rawValue: text) { return choice }
    let all = Choice.allCases.map(\.rawValue)
    throw LanguageError(
      "\(called ?? name) must be one of \(all.map { "'\($0)'" }.joined(separator: ", ")), not '\(text)'"
        + didYouMean(text, all))
  }

  /// A model.
  func model(_ name: String) throws -> Model {
    try object(name, as: ModelObject.self, expected: "a model").model
  }

  /// Token windows.
  func tokens(_ name: String) throws -> TokenWindows {
    guard case .object(let object as TokensObject) = value(name) else {
      throw LanguageError(
        "\(function)() takes windows of ids, as tokens(source, model) makes them, not "
          + value(name).typePhrase)
    }
    return object.windows
  }

  /// Token windows, nil for `None`.
  func optionalTokens(_ name: String) throws -> TokenWindows? {
    value(name).isNone ? nil : try tokens(name)
  }

  /// Importance scores, nil for `None`.
  func optionalImportance(_ name: String) throws -> Importance? {
    guard !value(name).isNone else { return nil }
    return try object(
      name, as: ImportanceObject.self, expected: "importance scores, as importance() makes them"
    ).importance
  }

  /// A size: an int is a count, a float in (0, 1] a fraction; nil for `None`.
  func size(_ name: String) throws -> Size? {
    switch value(name) {
    case .none: return nil
    case .int(let count): return .count(count)
    case .float(let fraction): return .fraction(fraction)
    default: throw mismatch(name, "an int (a count) or a float (a fraction)")
    }
  }

  /// A list of ints, nil for `None`.
  func integers(_ name: String) throws -> [Int]? {
    guard !value(name).isNone else { return nil }
    guard value(name).isSequence else { throw mismatch(name, "a list of ints") }
    return try ids(value(name))
  }

  /// A seed, the session's where it is `None`.
  func seed(_ name: String, _ session: Session) throws -> Int {
    try optionalInt(name) ?? session.seed
  }
}

extension Value {
  /// The value as an integer: an int, or a host's whole number; nil for anything else.
  func integer() throws -> Int? {
    if case .object(let object) = self { return try object.number()?.asInt }
    if case .int(let value) = self { return value }
    return nil
  }
}

extension Value {
  /// Whether the value is a list, a tuple or a range.
  var isSequence: Bool {
    switch self {
    case .list, .tuple, .range: true
    default: false
    }
  }
}

/// A flat list of ids: ints in a list or tuple, or an i64 tensor of one axis.
func ids(_ value: Value) throws -> [Int] {
  if case .object(let object) = value, let tensor = (object as? TensorObject)?.tensor {
    guard tensor.rank == 1, tensor.type == .i64 else {
      throw LanguageError("ids are a list of ints or an i64 tensor of one axis")
    }
    return try tensor.integers().map { Int($0) }
  }
  return try value.elements().map { element in
    guard let id = try element.integer() else {
      throw LanguageError("a list of ints holds \(element.typePhrase)")
    }
    return id
  }
}
