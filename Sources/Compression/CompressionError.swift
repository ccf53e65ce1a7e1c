/// What a compression method refuses.
public enum CompressionError: Error, Equatable, CustomStringConvertible {
  /// A whole sentence, with the way out.
  case invalid(String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .invalid(let text): text
    }
  }
}
