/// What is wrong with a model, its configuration or a request to it.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  /// A configuration that lacks something, contradicts itself, or is of a kind not supported.
  case configuration(String)
  /// Weights that do not fit the configuration.
  case weights(String)
  /// Token ids outside the vocabulary, or none.
  case ids(String)
  /// Anything else: a whole sentence.
  case invalid(String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .configuration(let text), .weights(let text), .ids(let text), .invalid(let text): text
    }
  }
}
