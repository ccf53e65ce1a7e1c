import Evaluation
import Foundation

/// Tells a session's output how far one operation has come, ten times a second at most.
final class ProgressReport {
  private let title: String
  private let total: Int
  private let before: Int
  private unowned let session: Session
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?

  /// - Parameter before: units that were done before this began.
  init(_ title: String, total: Int, before: Int = 0, _ session: Session) {
    self.title = title
    self.total = total
    self.before = before
    self.session = session
    start = clock.now
  }

  /// Reports units done.
  func update(_ done: Int, note: String = "") {
    let now = clock.now
    if let last, now - last < .milliseconds(100), done < total { return }
    last = now
    session.output(
      .progress(
        ProgressState(
          title: title, done: done, total: total, before: before,
          seconds: (now - start).inSeconds, note: note)))
  }

  /// Ends the report, whatever came of the operation.
  func end() {
    if last != nil { session.output(.progress(nil)) }
  }
}

extension Session {
  /// Runs a long operation with a progress report.
  func reporting<Result>(
    _ title: String, total: Int, before: Int = 0, _ body: (ProgressReport) throws -> Result
  ) rethrows -> Result {
    let report = ProgressReport(title, total: total, before: before, self)
    defer { report.end() }
    return try body(report)
  }
}
