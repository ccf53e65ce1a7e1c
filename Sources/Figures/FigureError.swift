/// Why a figure cannot be drawn, and what to change.
public struct FigureError: Error, CustomStringConvertible, Equatable {
  /// The fault with its numbers, as a clause.
  public let description: String

  init(_ description: String) { self.description = description }
}
