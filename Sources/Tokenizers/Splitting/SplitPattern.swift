internal import CPCRE2

/// A compiled regular expression, which any number of threads may match with.
final class SplitPattern: @unchecked Sendable {
  /// As `tokenizer.json` writes it.
  let source: String
  // Only read after init: PCRE2 allows matching with one code from many threads.
  fileprivate let code: OpaquePointer

  /// Compiles a pattern of `tokenizer.json`.
  /// - Throws: `TokenizerError`: unsupported for a construct of the dialect that is not read,
  ///   invalid where the pattern is no regular expression.
  convenience init(regex: String, part: String) throws {
    try self.init(source: regex, translated: PatternTranslation.translate(regex), part: part)
  }

  /// Compiles a pattern that matches a string as it stands.
  convenience init(literal: String, part: String) throws {
    let escaped = literal.unicodeScalars.map { "\\x{\(String($0.value, radix: 16))}" }.joined()
    try self.init(source: literal, translated: escaped, part: part)
  }

  private init(source: String, translated: String, part: String) throws {
    self.source = source
    guard source.utf8.count <= 10_000 else {
      throw TokenizerError.invalid(part: part, reason: "a pattern longer than 10000 bytes")
    }
    let context = pcre2_compile_context_create_8(nil)
    defer { pcre2_compile_context_free_8(context) }
    pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
    // ^ and $ stand at every line in Ruby's dialect. Anchored: the matcher walks the text itself,
    // so that the steps of one call are those of one place.
    let options = PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C
    var number: Int32 = 0
    var offset = 0
    let bytes = Array(translated.utf8)
    guard let code = pcre2_compile_8(bytes, bytes.count, options, &number, &offset, context) else {
      throw TokenizerError.invalid(
        part: part,
        reason: "\(TokenizerError.excerpt(source)) is no pattern: \(Self.message(number))")
    }
    self.code = code
    // Without a just-in-time compiler PCRE2 interprets, slower and with the same matches.
    pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
  }

  deinit { pcre2_code_free_8(code) }

  private static func message(_ number: Int32) -> String {
    var text = [UInt8](repeating: 0, count: 256)
    pcre2_get_error_message_8(number, &text, text.count)
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// One thread's use of a pattern: PCRE2's working memory, and the steps still allowed.
final class PatternMatcher {
  /// Steps of one try at one place: nearly every pattern needs a handful, a catastrophic one more
  /// than any number.
  private static let tiers: [UInt32] = [2_000, 100_000, 10_000_000]
  /// Steps beyond the first tier that one text may spend in all: some seconds.
  private static let allowance = 500_000_000

  private let pattern: SplitPattern
  private let pace: Pace
  private let data: OpaquePointer?
  private let context: OpaquePointer?
  private let stack: OpaquePointer?
  private var remaining = PatternMatcher.allowance
  private var subject = UnsafeRawBufferPointer(start: nil, count: 0)
  private var searchStart = 0
  private var lastEnd = -1

  init(_ pattern: SplitPattern, pace: Pace) {
    self.pattern = pattern
    self.pace = pace
    data = pcre2_match_data_create_8(1, nil)
    context = pcre2_match_context_create_8(nil)
    stack = pcre2_jit_stack_create_8(32 << 10, 16 << 20, nil)
    pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
    pcre2_set_heap_limit_8(context, 64 << 10)
    pcre2_set_match_limit_8(context, Self.tiers[0])
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    pcre2_jit_stack_free_8(stack)
  }

  /// Begins to search a piece of text, which must stay where it is until the search is over.
  func begin(_ text: UnsafeRawBufferPointer) {
    subject = text
    searchStart = 0
    lastEnd = -1
  }

  /// The next match, nil after the last; an empty one never follows another match at once.
  func next() throws -> Range<Int>? {
    while searchStart <= subject.count {
      try pace.tick()
      if let end = try endOfMatch(at: searchStart) {
        let start = searchStart
        if end > start || lastEnd != end {
          searchStart = end
          lastEnd = end
          return start..<end
        }
      }
      searchStart +=
        searchStart < subject.count ? UTF8.width(ofLead: subject[searchStart]) : 1
    }
    return nil
  }

  /// The end of the match that starts exactly at `place`.
  private func endOfMatch(at place: Int) throws -> Int? {
    var result = match(at: place)
    if result == PCRE2_ERROR_MATCHLIMIT { result = try matchWithMoreSteps(at: place) }
    if result == PCRE2_ERROR_NOMATCH { return nil }
    guard result >= 0, let offsets = pcre2_get_ovector_pointer_8(data), offsets[1] >= place else {
      throw TokenizerError.patternTooCostly(pattern: pattern.source, byte: place)
    }
    return offsets[1]
  }

  @inline(__always)
  private func match(at place: Int) -> Int32 {
    let start = subject.baseAddress?.assumingMemoryBound(to: UInt8.self)
    return pcre2_match_8(
      pattern.code, start, subject.count, place, PCRE2_NO_UTF_CHECK, data, context)
  }

  private func matchWithMoreSteps(at place: Int) throws -> Int32 {
    defer { pcre2_set_match_limit_8(context, Self.tiers[0]) }
    for tier in Self.tiers.dropFirst() {
      remaining -= Int(tier)
      guard remaining >= 0 else { break }
      pcre2_set_match_limit_8(context, tier)
      let result = match(at: place)
      if result != PCRE2_ERROR_MATCHLIMIT { return result }
    }
    throw TokenizerError.patternTooCostly(pattern: pattern.source, byte: place)
  }
}
