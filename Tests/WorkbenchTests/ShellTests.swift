import Foundation
import Kernels
import Testing
import Workbench

/// Lines that a shell runs.
@Suite struct ShellTests {
  @Test func streamsOutputAndErrors() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("!printf 'a\\nb'; echo oops >&2; printf 'no end' >&2")
    #expect(recorded.printed == "a\nb")
    #expect(recorded.notices == ["oops", "no end"])
  }

  @Test(arguments: [
    ("!exit 3", "the command ended with status 3"),
    ("!kill -9 $$", "the command was ended by signal 9 (killed)"),
    ("!true", nil),
  ])
  func saysHowACommandEnded(source: String, notice: String?) throws {
    let recorded = try RecordingSession()
    _ = try recorded.run(source)
    #expect(recorded.notices.last == notice)
  }

  @Test func keepsCharactersWhole() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("!printf '\\303'; sleep 0.1; printf '\\251\\360\\237'; printf '\\377'")
    #expect(recorded.printed == "é\u{FFFD}\u{FFFD}")
    let long = try RecordingSession()
    _ = try long.run("!seq 1 100000")
    #expect(long.printed.split(separator: "\n").count == 100_000)
  }

  @Test func takesAPipeThatClosesAsACommandMust() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("!yes | head -n 2")
    #expect(recorded.printed == "y\ny\n")
    #expect(recorded.notices.isEmpty)
  }

  @Test func doesNotWaitForWhatItLeavesBehind() throws {
    let recorded = try RecordingSession()
    let start = Date()
    _ = try recorded.run("!sleep 5 & echo now")
    #expect(recorded.printed == "now\n")
    #expect(Date().timeIntervalSince(start) < 3)
  }

  @Test func whatItLeavesBehindMayGoOnWriting() throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      recorded.session.folder = folder
      _ = try recorded.run("!(sleep 0.3; echo heard by nobody; touch alive) & echo now")
      for _ in 0..<100 where !FileManager.default.fileExists(atPath: folder + "/alive") {
        usleep(50_000)
      }
      #expect(FileManager.default.fileExists(atPath: folder + "/alive"))
    }
  }

  @Test func doesNotListenToAnEndlessChild() throws {
    let recorded = try RecordingSession()
    let start = Date()
    _ = try recorded.run("!(timeout 10 yes) & echo now")
    #expect(recorded.printed.contains("now\n"))
    #expect(Date().timeIntervalSince(start) < 5)
  }

  @Test func saysThatItCannotBeStarted() throws {
    let recorded = try RecordingSession()
    let error = try recorded.error("!echo " + String(repeating: "x", count: 200_000))
    #expect(error.message == "the shell cannot be started: argument list too long")
  }

  /// The command and what it started are gone. In a process of its own: a request to stop is for
  /// the whole process.
  @Test(arguments: ["", "trap '' INT; "]) func anInterruptKillsTheCommand(prefix: String) async {
    await #expect(processExitsWith: .success) { [prefix = prefix as String] in
      try withTemporaryFolder { folder in
        let recorded = try RecordingSession()
        recorded.session.folder = folder
        recorded.whenever = { event in if case .printed = event { Interrupt.request() } }
        let start = Date()
        let source = "!\(prefix)echo begun; sleep 1; touch survived; sleep 20; true"
        guard case .interrupted = recorded.session.execute(source) else { throw Stopped() }
        guard Date().timeIntervalSince(start) < 1 else { throw Stopped() }
        usleep(1_500_000)
        guard !FileManager.default.fileExists(atPath: folder + "/survived") else {
          throw Stopped()
        }
      }
    }
  }

  @Test func nobodyTypesIntoACommand() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("!cat; echo end")
    #expect(recorded.printed == "end\n")
  }
}
