import Foundation
import JSONFormat
import TestTools
import Testing

/// A power cut in the middle of a run, as far as a process can have one: kill -9 at random moments.
@Suite(.serialized) struct KilledRunTests {
  private static let script = """
    teacher = load(model)
    ids = [[(i * 7 + j * j) % 96 for j in range(16)] for i in range(11)]
    train, test = split(tokens(ids), 0.8)
    student = prune(teacher, drop=[1])
    run = distill(student, teacher, train, steps=40, batch=2, accumulate=3, lr=1e-3, warmup=4,
                  schedule="linear", weight_decay=0.1, shuffle=True, held_out=test, every=3,
                  save=folder, resume=folder)
    print(len(run.loss))

    """

  private struct Attempt {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Begins the run of a folder or goes on with it, and kills the process when its log has so many
  /// lines, and a while later.
  private func attempt(
    _ script: String, _ folder: String, killedAt moment: (lines: Int, microseconds: UInt32)? = nil
  ) throws -> Attempt {
    let result = try Program.run(
      [
        "run", script, "--quiet", "--set", "model=\(fixturePath("models/llama-tied"))", "--set",
        "folder=\(folder)",
      ]
    ) { process in
      guard let moment else { return }
      while process.isRunning, lineCount(folder) < moment.lines { usleep(500) }
      usleep(moment.microseconds)
      kill(process.processIdentifier, SIGKILL)
    }
    return Attempt(status: result.status, output: result.output, errors: result.errors)
  }

  private func lineCount(_ folder: String) -> Int {
    FileManager.default.contents(atPath: folder + "/log.jsonl")?.count { $0 == 10 } ?? 0
  }

  /// The whole lines of a run's log, without their times.
  private func log(_ folder: String) throws -> [String] {
    guard let data = FileManager.default.contents(atPath: folder + "/log.jsonl") else { return [] }
    let whole = data.split(separator: 10, omittingEmptySubsequences: false).dropLast()
    return try whole.map { line in
      var object = try #require(JSON(reading: Array(line)).object)
      for time in ["seconds", "tokens_per_second"] { object[time] = nil }
      return JSON.object(object).text()
    }
  }

  @Test func twentyKillsLoseNothing() throws {
    let place = try TemporaryFolder()
    let script = try place.write("run.pare", Self.script)
    // The log and the student of a run that nobody stops are the ones to reach.
    #expect(try attempt(script, place.path + "/runs/whole").output == "40\n")
    let wanted = try log(place.path + "/runs/whole")
    let student = "/checkpoint/model/model.safetensors"
    let bytes = try #require(
      FileManager.default.contents(atPath: place.path + "/runs/whole" + student))
    #expect(wanted.count == 41)

    var moments = SplitMix64(seed: 20)
    var (kills, killedInside, number) = (0, 0, 0)
    while kills < 20 {
      number += 1
      try #require(number < 60, "the process ends before it can be killed")
      let folder = place.path + "/runs/\(number)"
      var isDone = false
      while !isDone, kills < 20 {
        let goal = lineCount(folder) + .random(in: 0...12, using: &moments)
        let ended = try attempt(
          script, folder, killedAt: (goal, .random(in: 0...4_000, using: &moments)))
        isDone = ended.status == 0
        #expect(isDone || ended.status == -SIGKILL, "\(ended.errors)")
        kills += isDone ? 0 : 1
        // What is there is the beginning of the run, each step once.
        let lines = try log(folder)
        #expect(lines == Array(wanted.prefix(lines.count)), "after \(kills) kills")
        if !isDone, !lines.isEmpty, lines.count < 41 { killedInside += 1 }
      }
      if !isDone { #expect(try attempt(script, folder).output == "40\n") }
      #expect(try log(folder) == wanted, "run \(number)")
      #expect(FileManager.default.contents(atPath: folder + student) == bytes, "run \(number)")
      #expect(
        try place.names("runs/\(number)") == ["checkpoint", "log.csv", "log.jsonl", "run.json"])
    }
    #expect(killedInside >= 3, "too few of the kills fell inside the run")
  }

  /// Ctrl-C keeps what there is, and the run goes on from its checkpoint.
  @Test func anInterruptedRunGoesOn() throws {
    let place = try TemporaryFolder()
    let script = try place.write(
      "run.pare", Self.script.replacingOccurrences(of: "steps=40", with: "steps=4000"))
    let folder = place.path + "/runs/x"
    let result = try Program.run(
      [
        "run", script, "--quiet", "--set", "model=\(fixturePath("models/llama-tied"))", "--set",
        "folder=\(folder)",
      ]
    ) { process in
      // Past the first checkpoint after the one that it began with.
      #expect(waited { lineCount(folder) > 5 })
      process.interrupt()
    }
    #expect(result.status == 130)
    let record = try Program.run(["-e", "run = load('\(folder)')", "-e", "len(run.loss) >= 3"])
    #expect(record.output == "True\n", "\(record.errors)")
  }
}
