import Foundation
import JSONFormat
import TestTools
import Testing
import Tokenizers

/// Damaged tokenizer.json files: each ends in an error, or in a tokenizer that works.
///
/// PARE_FUZZ sets the number of files.
@Suite(.serialized) struct TokenizerMutationTests {
  static let count = Int(ProcessInfo.processInfo.environment["PARE_FUZZ"] ?? "") ?? 3000
  static let sample = "It's <|im_start|> 12 ½ naïve  e\u{301} 東京\n\n\t<both>  word 👩‍👩‍👧 \u{85}x"

  /// What a damaged file is apt to hold in place of a value or a part of one.
  static let fragments = [
    "null", "true", "-1", "0", "1", "4294967296", "9223372036854775807", "-9223372036854775808",
    "1e308", "NaN", "\"\"", "\"a\"", "[]", "{}", "[[]]", "\"\\ud800\"", "\"\\u0000\"",
    "\"Sequence\"", "\"ByteLevel\"", "\"Digits\"", "\"Split\"", "\"NFC\"", "\"Unigram\"",
    "\"(a+)+$\"", "\"[\"", "\"\\\\p{L}\"", "\"Removed\"", "\"MergedWithNext\"",
    "{\"Regex\":\".*\"}", "{\"String\":\" \"}", ",", ":", "\"", "\\", "[", "}",
  ]

  @Test func damagedFilesEndInAnErrorOrATokenizer() throws {
    var generator = SplitMix64(seed: 20_260_101)
    let sources = try ["added", "llama3", "merged_with_next", "unknown-fused"].map {
      Array(try TokenizerFixtures.json($0).text().utf8)
    }
    let before = peakMemory()
    var built = 0
    var refused = 0
    for round in 0..<Self.count {
      let damaged = Self.damage(sources[round % sources.count], by: &generator)
      do {
        let json = try JSON(reading: damaged)
        let tokenizer = try Tokenizer(tokenizerJSON: json, configuration: json)
        let ids = try tokenizer.encode(Self.sample)
        #expect(ids.allSatisfy { (0..<tokenizer.vocabularySize).contains($0) })
        _ = try tokenizer.decode(ids)
        built += 1
      } catch is TokenizerError {
        refused += 1
      } catch is JSONError {
        refused += 1
      }
    }
    #expect(built + refused == Self.count)
    #expect(built > 0 && refused > 0)
    #expect(peakMemory() - before < 256 << 20)
  }

  /// One to four random changes.
  static func damage(_ source: [UInt8], by generator: inout SplitMix64) -> [UInt8] {
    var bytes = source
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
      case 1: bytes.removeSubrange(place..<end)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 3: bytes.removeSubrange(place...)
      default: replaceValue(in: &bytes, near: place, by: &generator)
      }
    }
    return bytes
  }

  /// Puts a fragment in place of the number, word or string after the next colon, comma or bracket:
  /// the file stays JSON more often than not.
  static func replaceValue(in bytes: inout [UInt8], near place: Int, by generator: inout SplitMix64)
  {
    let openers = Array(":,[".utf8)
    let closers = Array(",]}".utf8)
    guard let opener = bytes[place...].firstIndex(where: openers.contains) else { return }
    let start = opener + 1
    let end = bytes[start...].firstIndex(where: closers.contains) ?? bytes.count
    let fragment = fragments.randomElement(using: &generator) ?? ""
    bytes.replaceSubrange(start..<end, with: Array(fragment.utf8))
  }

  /// The process's peak resident set, in bytes.
  func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
