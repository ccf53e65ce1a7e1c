/// Cuts a text at its added tokens.
struct AddedTokenFinder {
  /// A token found, or the range of text between tokens.
  enum Segment {
    case token(Int)
    case text(Range<Int>)
  }

  private let tokens: [AddedToken]
  private let automaton: BackwardAutomaton

  /// - Parameter spelling: the bytes by which a token is looked for.
  init(_ tokens: [AddedToken], spelling: (AddedToken) -> [UInt8]) {
    self.tokens = tokens
    automaton = BackwardAutomaton(tokens.map(spelling))
  }

  /// The text cut into tokens and what is between them, in order.
  func segments(of text: UnsafeRawBufferPointer) -> [Segment] {
    var segments: [Segment] = []
    var end = 0
    var spaceRun = 0..<0
    for match in automaton.matches(in: text) {
      let token = tokens[match.pattern]
      var range = match.range
      if token.isSingleWord, touchesWord(range, in: text) { continue }
      if token.stripsLeft {
        // Spaces that the token before has taken in are not given back, whatever it took.
        var start = range.lowerBound
        while start > end, let scalar = text.scalar(before: start), scalar.properties.isWhitespace {
          start -= UTF8.width(scalar)
        }
        range = max(start, end)..<max(range.upperBound, start, end)
      }
      if token.stripsRight {
        // Remembering the run keeps tokens that are spaces themselves from walking it again and
        // again.
        if !(spaceRun.contains(range.upperBound)) {
          spaceRun = range.upperBound..<text.endOfSpace(from: range.upperBound)
        }
        range = range.lowerBound..<spaceRun.upperBound
      }
      if end < range.lowerBound { segments.append(.text(end..<range.lowerBound)) }
      segments.append(.token(token.id))
      end = range.upperBound
    }
    if end < text.count { segments.append(.text(end..<text.count)) }
    return segments
  }

  private func touchesWord(_ range: Range<Int>, in text: UnsafeRawBufferPointer) -> Bool {
    let neighbours = [text.scalar(before: range.lowerBound), text.scalar(at: range.upperBound)]
    return neighbours.contains { $0?.isWordScalar ?? false }
  }
}

extension UnsafeRawBufferPointer {
  /// The end of the white space that starts at `start`.
  fileprivate func endOfSpace(from start: Int) -> Int {
    var end = start
    while let scalar = scalar(at: end), scalar.properties.isWhitespace {
      end += UTF8.width(scalar)
    }
    return end
  }
}

extension Unicode.Scalar {
  /// `\w` of Unicode TS 18: what counts as part of a word beside a token.
  fileprivate var isWordScalar: Bool {
    if properties.isAlphabetic || properties.isJoinControl { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }
}
