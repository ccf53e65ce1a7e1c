/// A function of the host.
public final class BuiltinFunction {
  /// What help shows.
  public struct Documentation: Sendable {
    /// One line.
    public let summary: String
    /// Everything else, may be empty.
    public let text: String
    /// A line or more of code, may be empty.
    public let example: String

    /// A documentation.
    public init(summary: String = "", text: String = "", example: String = "") {
      self.summary = summary
      self.text = text
      self.example = example
    }
  }

  /// What runs on a call.
  public typealias Body = (BoundArguments, Interpreter) throws -> Value

  /// The name as users call it.
  public let name: String
  /// What a call takes.
  public let signature: Signature
  /// What help shows.
  public let documentation: Documentation
  /// Whether it is also a type (`int`, `list`), as `type(x)` returns it.
  let isType: Bool
  /// Whether a host object given first answers by its own method of this name.
  let defersToMethod: Bool
  let body: Body

  /// A function with its signature.
  ///
  /// - Parameters:
  ///   - defersToMethod: `sum(x)` means `x.sum()` where x is a host object with such a method.
  public init(
    _ name: String, _ signature: Signature, documentation: Documentation = Documentation(),
    defersToMethod: Bool = false, body: @escaping Body
  ) {
    self.name = name
    self.signature = signature
    self.documentation = documentation
    self.isType = false
    self.defersToMethod = defersToMethod
    self.body = body
  }

  init(
    type name: String, _ signature: Signature, documentation: Documentation,
    defersToMethod: Bool = false, body: @escaping Body
  ) {
    self.name = name
    self.signature = signature
    self.documentation = documentation
    self.isType = true
    self.defersToMethod = defersToMethod
    self.body = body
  }
}
