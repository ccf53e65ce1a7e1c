/// Why a figure cannot be drawn, and what to change.
public struct FigureError: Error, CustomStringConvertible, Equatable {
  /// The fault with its numbers, as a clause.
  public let description: String

  /// Whether nothing is wrong but the size.
  let lacksRoom: Bool

  init(_ description: String, lacksRoom: Bool = false) {
    self.description = description
    self.lacksRoom = lacksRoom
  }
}
