import Foundation
import Language
import Synchronization
import TestTools
import Testing

/// Damaged programs end in a value or an error: whatever else happened would end the test process.
///
/// `PARE_FUZZ_SECONDS` sets how long it looks, `PARE_FUZZ_PROGRAMS` how many programs it tries
/// instead, and `PARE_FUZZ_SEED` where the course begins. What it begins with are pieces of the
/// programs beside this file and of `Corpus.json`: programs that came to an error that none before
/// them came to. `PARE_FUZZ_KEEP=1` adds those that it finds.
@Suite struct FuzzTests {
  static let pieces: [String] = [
    "(", ")", "[", "]", "{", "}", ":", ",", ".", "=", "==", "+", "-", "*", "**", "/", "//", "%",
    "@",
    "\n", "\n    ", "\t", " ", "\\", "\"", "'", "\"\"\"", "f\"", "{x}", "!", "?", "#", ";",
    "lambda ",
    "for ", "in ", "if ", "else ", "def ", "return ", "not ", "and ", "is ", "del ", "0", "1", "-1",
    "1.5", "1e308", "0x", "9223372036854775807", "None", "True", "x", "é", "e\u{301}", "😀", "\u{0}",
    "\u{FEFF}", "\u{2028}", "...", "->", ":=", "<<", "~", "*x", "**x", "x=", "[::]", "[-1]", "()",
    "%time ", "!ls", "while x: ", "sorted", ".format(", "x.append(x)", "range(10**18)", "* 10**9",
  ]

  private static let settings = ProcessInfo.processInfo.environment
  private static let corpus = DifferentialTests.folder.deletingLastPathComponent()
    .appendingPathComponent("Corpus.json")

  @Test func damagedProgramsNeverCrash() throws {
    let seed = Self.settings["PARE_FUZZ_SEED"].flatMap(UInt64.init) ?? 20
    let threads = 2
    let seeds = try Self.seeds()
    let results = Mutex<[(count: Int, kept: [String])]>([])
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      do {
        let result = try onLargeStack { Self.course(seed &+ UInt64(thread), seeds, of: threads) }
        results.withLock { $0.append(result) }
      } catch {
        Issue.record(error)
      }
    }
    let all = results.withLock { $0 }
    let count = all.reduce(0) { $0 + $1.count }
    print("fuzz: \(count) programs, \(Set(all.flatMap(\.kept)).count) new errors")
    #expect(count > 400)
    if Self.settings["PARE_FUZZ_KEEP"] != nil { try Self.keep(all.flatMap(\.kept)) }
  }

  /// Tries programs until the time is over or there were enough.
  private static func course(
    _ seed: UInt64, _ seeds: [[Unicode.Scalar]], of threads: Int
  ) -> (count: Int, kept: [String]) {
    var dice = SplitMix64(seed: seed)
    let most = settings["PARE_FUZZ_PROGRAMS"].flatMap(Int.init).map { $0 / threads }
    let seconds = most == nil ? settings["PARE_FUZZ_SECONDS"].flatMap(Double.init) ?? 4 : 1e9
    var seen: Set<String> = []
    for seed in seeds { seen.insert(exercise(text(seed))) }
    let end = Date().addingTimeInterval(seconds)
    var seeds = seeds
    var kept: [String] = []
    var count = 0
    while count < most ?? .max, Date() < end {
      guard let seed = seeds.randomElement(using: &dice) else { break }
      let program = damaged(seed, &dice)
      let start = Date()
      let isNew = seen.insert(exercise(text(program))).inserted
      // What takes long would hold up all that is made of it.
      if isNew, program.count < 400, Date().timeIntervalSince(start) < 0.02 {
        seeds.append(program)
        kept.append(text(program))
      }
      count += 1
    }
    return (count, kept)
  }

  private static func text(_ scalars: [Unicode.Scalar]) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  // MARK: The corpus

  private static func seeds() throws -> [[Unicode.Scalar]] {
    var seeds = try JSONDecoder().decode([String].self, from: Data(contentsOf: corpus))
    for program in DifferentialTests.programs {
      let file = DifferentialTests.folder.appendingPathComponent(program)
      let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
      for start in stride(from: 0, to: lines.count, by: 3) {
        seeds.append(lines[start..<min(start + 6, lines.count)].joined(separator: "\n"))
      }
    }
    return seeds.map { Array($0.unicodeScalars) }
  }

  private static func keep(_ found: [String]) throws {
    var programs = try JSONDecoder().decode([String].self, from: Data(contentsOf: corpus))
    var seen = Set(try onLargeStack { [programs] in programs.map(exercise) })
    for (program, error) in zip(found, try onLargeStack { found.map(exercise) })
    where seen.insert(error).inserted {
      programs.append(program)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes]
    try encoder.encode(programs).write(to: corpus)
  }

  // MARK: One program

  private static func damaged(_ seed: [Unicode.Scalar], _ dice: inout SplitMix64)
    -> [Unicode.Scalar]
  {
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
    return scalars
  }

  /// Runs a program and everything that reads programs; gives the kind of error that it came to:
  /// the first words of the message that are nothing but letters.
  private static func exercise(_ source: String) -> String {
    let interpreter = Interpreter()
    var polls = 0
    interpreter.output = { _ in }
    interpreter.poll = {
      polls += 1
      if polls > 2000 { throw Interrupted() }
    }
    var kind = ""
    do {
      if let value = try interpreter.execute(source, name: "cell 1") {
        _ = try value.representation()
      }
    } catch let error as LanguageError {
      #expect(error.rendered().split(separator: "\n").count <= 20)
      kind = Self.kind(of: error.message)
    } catch {
      #expect(error is Interrupted)
    }
    interpreter.poll = {}
    _ = Completeness(of: source)
    _ = interpreter.completion(of: source, at: source.unicodeScalars.count / 2)
    _ = Literal.parse(source)
    return kind
  }

  private static func kind(of message: String) -> String {
    let words = message.split(whereSeparator: { $0 == " " || $0 == "\n" }).filter { word in
      word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }
    return words.prefix(4).joined(separator: " ")
  }
}
