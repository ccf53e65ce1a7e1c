import Foundation
import Language

extension Session {
  /// %time, %timeit.
  var timingMagics: [Magic] {
    [
      Magic(
        "time", "statement", "Runs a statement once and says how long it took.",
        text: "wall is the time that passed, cpu what all threads together computed. The value of "
          + "the statement is shown and kept as that of any cell.",
        example: "%time scores = importance(model, data)"
      ) { [unowned self] in try time($0) },
      Magic(
        "timeit", "[-n loops] [-r runs] statement",
        "Runs a statement many times and says how long one takes.",
        text:
          "Without -n the loops of a run are as many as take 0.2 seconds; without -r there are 7 "
          + "runs, fewer where the statement is slow. Shown are mean and standard deviation over "
          + "the runs.",
        example: "%timeit a @ b"
      ) { [unowned self] in try timeit($0) },
    ]
  }

  private func time(_ statement: String) throws -> Value? {
    guard !statement.isEmpty else { throw Magic.needsStatement("time") }
    let run = try interpreter.prepare(statement, name: "%time")
    let clock = ContinuousClock()
    let (start, computed) = (clock.now, processorSeconds())
    let value = try run()
    let wall = (clock.now - start).inSeconds
    output(
      .printed("wall \(durationText(wall)), cpu \(durationText(processorSeconds() - computed))\n"))
    return value
  }

  private func timeit(_ arguments: String) throws -> Value? {
    var request = try TimingRequest(arguments)
    let run = try interpreter.prepare(request.statement, name: "%timeit")
    let clock = ContinuousClock()
    func seconds(of loops: Int) throws -> Double {
      let start = clock.now
      for _ in 0..<loops { _ = try run() }
      return (clock.now - start).inSeconds
    }
    // What is measured to find the number of loops also warms up.
    let first = try request.settle(seconds)
    var times = first.map { [$0] } ?? []
    while times.count < request.runs {
      times.append(try seconds(of: request.loops) / Double(request.loops))
    }
    output(.printed(Self.timing(times, loops: request.loops) + "\n"))
    return nil
  }

  /// `1.23 ms ± 45 µs a loop (7 runs of 100 loops)`.
  private static func timing(_ times: [Double], loops: Int) -> String {
    let mean = times.reduce(0, +) / Double(times.count)
    let squares = times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let spread = (squares / Double(times.count)).squareRoot()
    let deviation = times.count > 1 ? " ± \(durationText(spread))" : ""
    return "\(durationText(mean))\(deviation) a loop (\(counted(times.count, "run")) of "
      + "\(counted(loops, "loop")))"
  }
}

/// What `%timeit` was asked for.
private struct TimingRequest {
  private(set) var loops = 0
  private(set) var runs = 0
  private(set) var statement: String

  /// A run is to take so long, and all of them together no more than so long.
  private static let (runSeconds, allSeconds) = (0.2, 5.0)
  private static let usualRuns = 7
  private static let mostLoops = 1_000_000_000

  init(_ arguments: String) throws {
    var rest = arguments[...]
    var counts: [String: Int] = [:]
    while let option = ["-n", "-r"].first(where: { rest.hasPrefix($0) }) {
      let text = rest.dropFirst(2).drop { $0 == " " }
      let digits = text.prefix { !$0.isWhitespace }
      guard let count = Int(digits), (1...Self.mostLoops).contains(count) else {
        throw LanguageError(
          "%timeit \(option) takes a count from 1, as in %timeit -n 100 -r 5 statement")
      }
      counts[option] = count
      rest = text.dropFirst(digits.count).drop { $0 == " " }
    }
    loops = counts["-n"] ?? 0
    runs = counts["-r"] ?? 0
    statement = String(rest)
    if statement.isEmpty { throw Magic.needsStatement("timeit") }
  }

  /// Finds what was not asked for: loops of 1, 2, 5, 10, 20 … and as many runs as there is time
  /// for.
  ///
  /// - Returns: the seconds of a loop that was so slow that it is to count as a run.
  mutating func settle(_ seconds: (Int) throws -> Double) throws -> Double? {
    let findsLoops = loops == 0
    if findsLoops { loops = 1 }
    var taken = try seconds(loops)
    var step = 0
    while findsLoops, taken < Self.runSeconds, loops < Self.mostLoops {
      loops = [2, 5, 10][step % 3] * Int(pow(10, Double(step / 3)))
      step += 1
      taken = try seconds(loops)
    }
    if runs == 0 { runs = min(Self.usualRuns, max(1, Int(Self.allSeconds / max(taken, 1e-9)))) }
    return taken > 1 ? taken / Double(loops) : nil
  }
}

extension Magic {
  /// The error where there is nothing to time.
  fileprivate static func needsStatement(_ name: String) -> LanguageError {
    LanguageError("%\(name) needs a statement behind it, as in %\(name) a @ b")
  }
}

/// Seconds of processor time that all threads of the process have used.
private func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// A time with three digits in the unit that fits: `1.23 ms`, `45.6 µs`, `2 min 5 s`.
package func durationText(_ seconds: Double) -> String {
  if seconds >= 119.5 {
    let whole = Int(seconds.rounded())
    return "\(whole / 60) min \(whole % 60) s"
  }
  let units = [("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)]
  // 999.6 ms are 1 s.
  let (unit, size) = units.first { seconds >= 0.9995 * $0.1 } ?? ("ns", 1e-9)
  let number = seconds / size
  let digits = number < 9.995 ? 2 : number < 99.95 ? 1 : 0
  return "\(number.digits(digits)) \(unit)"
}
