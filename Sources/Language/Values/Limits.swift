/// Bounds that keep one careless line from taking the whole machine.
enum Limits {
  /// Elements of a list, tuple or dict.
  static let elements = 50_000_000
  /// Bytes of a string.
  static let textBytes = 1 << 29
  /// How deep values may be nested to be printed or compared.
  static let nesting = 200

  static func tooLarge(_ what: String, _ count: Int) -> LanguageError {
    LanguageError("\(what) of \(count) elements is more than the limit of \(elements)")
  }

  static func textTooLong(_ bytes: Int) -> LanguageError {
    LanguageError("a string of \(bytes) bytes is more than the limit of \(textBytes)")
  }

  /// Checks a list's or tuple's size before it is made.
  static func check(count: Int, of what: String) throws {
    if count > elements { throw tooLarge(what, count) }
  }

  /// Checks a string's size before it is made.
  static func check(bytes: Int) throws {
    if bytes > textBytes { throw textTooLong(bytes) }
  }

  /// The size of `count` elements repeated, checked.
  static func repeated(_ count: Int, times: Int, of what: String) throws -> Int {
    let times = max(0, times)
    let (total, overflow) = count.multipliedReportingOverflow(by: times)
    if overflow || total > elements {
      throw LanguageError(
        "\(what) of \(count) element\(count == 1 ? "" : "s") repeated \(times) times is more than the limit of "
          + "\(elements) elements")
    }
    return times
  }
}
