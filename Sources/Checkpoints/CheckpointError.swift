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
    return "\(file): \(subject)\(reason)\(place)"
  }
}

/// A name out of a file as an error may show it: control characters replaced, long ones cut.
func printable(_ name: String) -> String {
  var shown = ""
  for scalar in name.unicodeScalars.prefix(120) {
    let isControl = scalar.properties.generalCategory == .control
    shown.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
  }
  if shown.isEmpty { return "\"\"" }
  return name.unicodeScalars.count > 120 ? shown + "…" : shown
}
