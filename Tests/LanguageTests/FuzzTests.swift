import Foundation
import Language
import TestTools
import Testing

/// Damaged programs end in a value or an error: whatever else happened would end the test process.
///
/// `PARE_FUZZ_SECONDS` sets how long it looks, `PARE_FUZZ_SEED` where the course begins.
@Suite struct FuzzTests {
  static let pieces: [String] = [
    "(", ")", "[", "]", "{", "}", ":", ",", ".", "=", "==", "+", "-", "*", "**", "/", "//", "%",
    "@",
    "\n", "\n    ", "\t", " ", "\\", "\"", "'", "\"\"\"", "f\"", "{x}", "!", "?", "#", ";",
    "lambda ",
    "for ", "in ", "if ", "else ", "def ", "return ", "not ", "and ", "is ", "del ", "0", "1", "-1",
    "1.5", "1e308", "0x", "9223372036854775807", "None", "True", "x", "é", "e\u{301}", "😀", "\u{0}",
    "\u{FEFF}", "\u{2028}", "...", "->", ":=", "<<", "~", "*x", "**x", "x=", "[::]", "[-1]", "()",
  ]

  @Test func damagedProgramsNeverCrash() throws {
    let count = try onLargeStack {
      let settings = ProcessInfo.processInfo.environment
      let seconds = settings["PARE_FUZZ_SECONDS"].flatMap(Double.init) ?? 4
      var dice = SplitMix64(seed: settings["PARE_FUZZ_SEED"].flatMap(UInt64.init) ?? 20)
      let seeds = try Self.seeds()
      let end = Date().addingTimeInterval(seconds)
      var count = 0
      while Date() < end {
        guard let seed = seeds.randomElement(using: &dice) else { break }
        Self.exercise(Self.damaged(seed, &dice))
        count += 1
      }
      return count
    }
    #expect(count > 200)
  }

  private static func seeds() throws -> [[Unicode.Scalar]] {
    var seeds: [String] = []
    for program in DifferentialTests.programs {
      let file = DifferentialTests.folder.appendingPathComponent(program)
      let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
      for start in stride(from: 0, to: lines.count, by: 3) {
        seeds.append(lines[start..<min(start + 6, lines.count)].joined(separator: "\n"))
      }
    }
    return seeds.map { Array($0.unicodeScalars) }
  }

  private static func damaged(_ seed: [Unicode.Scalar], _ dice: inout SplitMix64) -> String {
    var scalars = seed
    for _ in 0..<Int.random(in: 1...4, using: &dice) {
      let place = Int.random(in: 0...scalars.count, using: &dice)
      let stretch = place..<min(scalars.count, place + Int.random(in: 0...8, using: &dice))
      switch Int.random(in: 0..<4, using: &dice) {
      case 0: scalars.removeSubrange(stretch)
      case 1: scalars.insert(contentsOf: Array(scalars[stretch]), at: place)
      case 2: scalars = Array(scalars[..<place])
      default:
        let piece = pieces.randomElement(using: &dice) ?? ""
        scalars.replaceSubrange(stretch, with: Array(piece.unicodeScalars))
      }
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  private static func exercise(_ source: String) {
    let interpreter = Interpreter()
    var polls = 0
    interpreter.output = { _ in }
    interpreter.poll = {
      polls += 1
      if polls > 2000 { throw Interrupted() }
    }
    do {
      if let value = try interpreter.execute(source, name: "cell 1") {
        _ = try value.representation()
      }
    } catch let error as LanguageError {
      #expect(error.rendered().split(separator: "\n").count <= 20)
    } catch {
      #expect(error is Interrupted)
    }
    interpreter.poll = {}
    _ = Completeness(of: source)
    _ = interpreter.completion(of: source, at: source.unicodeScalars.count / 2)
    _ = Literal.parse(source)
  }
}
