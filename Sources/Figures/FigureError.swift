/// Why a figure cannot be drawn, and what to change.
public struct FigureError: Error, CustomStringConvertible, Equatable {
  /// The fault with its numbers, as a clause.
  public let description: String

  /// A length in points as the inches that a user would ask for, rounded up to a tenth.
  static func inches(_ points: Double) -> Double { (points / 7.2).rounded(.up) / 10 }

  init(_ description: String) { self.description = description }
}
