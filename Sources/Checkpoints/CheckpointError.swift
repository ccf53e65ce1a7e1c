/// What is wrong with a checkpoint, and where.
public struct CheckpointError: Error, CustomStringConvertible, Equatable {
  /// The file or folder, as its path was given.
  public let file: String
  /// The tensor or metadata key at fault, where one is.
  public let tensor: String?
  /// The offset in the file of the byte at fault, where one is.
  public let byte: Int?
  /// The fault, as a clause.
  public let reason: String

  /// An error of a reader or writer of checkpoints.
  public init(file: String, tensor: String? = nil, byte: Int? = nil, reason: String) {
    self.file = file
    self.tensor = tensor
    self.byte = byte
    self.reason = reason
  }

  /// `file: tensor: reason (byte N)`.
  public var description: String {
    let subject = tensor.map { printable($0) + ": " } ?? ""
    let place = byte.map { " (byte \($0))" } ?? ""
    return "\(file): \(subject)\(printable(reason, limit: 600))\(place)"
  }
}

/// Text out of a file as an error may show it: control characters replaced, long text cut.
func printable(_ text: String, limit: Int = 120) -> String {
  if text.isEmpty { return "\"\"" }
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars.prefix(limit) {
    shown.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
  }
  return String(shown) + (text.unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")
}
