/// Cuts texts into words by a tokenizer's steps, for one call of `encode`.
struct WordSplitter {
  private let steps: [SplitStep]
  /// One for each step that has a pattern.
  private let matchers: [PatternMatcher?]

  init(_ steps: [SplitStep], pace: Pace) {
    self.steps = steps
    matchers = steps.map { step in
      switch step {
      case .pattern(let pattern, _, _): PatternMatcher(pattern, pace: pace)
      case .byteLevel(_, let pattern): pattern.map { PatternMatcher($0, pace: pace) }
      case .digits: nil
      }
    }
  }

  /// Calls `body` with each word of a text in order.
  func split(
    _ text: UnsafeRawBufferPointer, into body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try split(text, from: 0, into: body)
  }

  private func split(
    _ text: UnsafeRawBufferPointer, from step: Int,
    into body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard !text.isEmpty else { return }
    guard step < steps.count else { return try body(text) }
    func pass(_ range: Range<Int>) throws {
      try split(UnsafeRawBufferPointer(rebasing: text[range]), from: step + 1, into: body)
    }
    switch steps[step] {
    case .digits(let areIndividual):
      var pieces = PieceJoiner(behavior: areIndividual ? .isolated : .contiguous)
      try forEachNumber(in: text) { range, isNumber in
        if let piece = pieces.add(range, isMatch: isNumber) { try pass(piece) }
      }
      if let piece = pieces.finish() { try pass(piece) }
    case .pattern(_, let behavior, let isInverted):
      var pieces = PieceJoiner(behavior: behavior)
      try forEachMatch(in: text, step: step) { range, isMatch in
        if let piece = pieces.add(range, isMatch: isMatch != isInverted) { try pass(piece) }
      }
      if let piece = pieces.finish() { try pass(piece) }
    case .byteLevel(let addsPrefixSpace, _):
      if addsPrefixSpace, text[0] != 0x20 {
        try ([0x20] + Array(text)).withUnsafeBytes { spaced in
          try splitByteLevel(spaced, step: step, into: body)
        }
      } else {
        try splitByteLevel(text, step: step, into: body)
      }
    }
  }

  private func splitByteLevel(
    _ text: UnsafeRawBufferPointer, step: Int,
    into body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard matchers[step] != nil else { return try body(text) }
    try forEachMatch(in: text, step: step) { range, _ in
      if !range.isEmpty { try body(UnsafeRawBufferPointer(rebasing: text[range])) }
    }
  }

  /// The matches of a step's pattern and the stretches between them, in order.
  private func forEachMatch(
    in text: UnsafeRawBufferPointer, step: Int, _ body: (Range<Int>, Bool) throws -> Void
  ) throws {
    guard let matcher = matchers[step] else { return try body(text.indices, false) }
    matcher.begin(text)
    var end = 0
    while let match = try matcher.next() {
      if end < match.lowerBound { try body(end..<match.lowerBound, false) }
      try body(match, true)
      end = match.upperBound
    }
    if end < text.count { try body(end..<text.count, false) }
  }

  /// The characters of a number's general category one by one, and the stretches between them.
  private func forEachNumber(
    in text: UnsafeRawBufferPointer, _ body: (Range<Int>, Bool) throws -> Void
  ) rethrows {
    var end = 0
    var position = 0
    while let scalar = text.scalar(at: position) {
      let next = position + UTF8.width(ofLead: text[position])
      if scalar.isNumber {
        if end < position { try body(end..<position, false) }
        try body(position..<next, true)
        end = next
      }
      position = next
    }
    if end < text.count { try body(end..<text.count, false) }
  }
}

/// Joins the matches of a pattern and the stretches between them as its behavior asks.
private struct PieceJoiner {
  let behavior: SplitStep.Behavior
  private var pending: Range<Int>?
  private var previousIsMatch = false

  init(behavior: SplitStep.Behavior) { self.behavior = behavior }

  /// Takes the next stretch; returns a piece that is complete.
  mutating func add(_ range: Range<Int>, isMatch: Bool) -> Range<Int>? {
    defer { previousIsMatch = isMatch }
    let joins: Bool
    switch behavior {
    case .isolated: return range
    case .removed: return isMatch ? nil : range
    case .contiguous: joins = isMatch == previousIsMatch
    case .mergedWithPrevious: joins = isMatch && !previousIsMatch
    case .mergedWithNext: joins = !isMatch && previousIsMatch
    }
    if joins, let before = pending {
      pending = before.lowerBound..<range.upperBound
      return nil
    }
    defer { pending = range }
    return pending
  }

  /// The last piece.
  mutating func finish() -> Range<Int>? {
    defer { pending = nil }
    return pending
  }
}

extension Unicode.Scalar {
  @inline(__always)
  fileprivate var isNumber: Bool {
    if isASCII { return ("0"..."9").contains(self) }
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return true
    default: return false
    }
  }
}
