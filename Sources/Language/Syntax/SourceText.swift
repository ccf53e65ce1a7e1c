/// A half-open range of Unicode scalars in a source.
public struct Span: Equatable, Sendable {
  /// The offset of the first scalar.
  public let start: Int
  /// The offset after the last scalar.
  public let end: Int

  /// A span of scalars; an end before the start is moved to it.
  public init(start: Int, end: Int) {
    self.start = start
    self.end = max(start, end)
  }

  /// From the start of one span to the end of another.
  func joined(to other: Span) -> Span { Span(start: start, end: other.end) }
}

/// A piece of source with the name that errors give it, such as `cell 3`.
public final class SourceText: Sendable {
  /// The name that errors show.
  public let name: String
  /// The text as scalars, every line end written as a line feed.
  let scalars: [Unicode.Scalar]
  private let lineStarts: [Int]

  /// A source; `\r\n` and `\r` become `\n`, as Python reads them.
  public init(_ text: String, name: String) {
    self.name = name
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count)
    var lineStarts = [0]
    var afterReturn = false
    for scalar in text.unicodeScalars {
      if scalar == "\n", afterReturn {
        afterReturn = false
        continue
      }
      afterReturn = scalar == "\r"
      scalars.append(afterReturn ? "\n" : scalar)
      if scalars.last == "\n" { lineStarts.append(scalars.count) }
    }
    self.scalars = scalars
    self.lineStarts = lineStarts
  }

  /// The number of the line that holds an offset, from 1, and the line's scalars without its end.
  func line(at offset: Int) -> (number: Int, range: Range<Int>) {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = lineStarts[low]
    let end = low + 1 < lineStarts.count ? lineStarts[low + 1] - 1 : scalars.count
    return (low + 1, start..<max(start, end))
  }

  /// The text of a span.
  func text(_ span: Span) -> String {
    text(span.start..<span.end)
  }

  /// The text of a range of scalars, cut to what there is.
  func text(_ range: Range<Int>) -> String {
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars[range.clamped(to: 0..<scalars.count)])
    return String(result)
  }
}
