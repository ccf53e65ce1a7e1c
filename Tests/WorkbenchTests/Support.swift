import Foundation
import Language
import TestTools
import Workbench

/// A session that keeps what its cells put out.
final class RecordingSession {
  let session: Session
  private(set) var events: [OutputEvent] = []
  /// Called with each event as it comes.
  var whenever: (OutputEvent) -> Void = { _ in }

  init(_ options: Session.Options = Session.Options()) throws {
    session = try Session(options)
    session.output = { [unowned self] event in
      events.append(event)
      whenever(event)
    }
  }

  /// The text of what the cell ends with; nil where it shows nothing.
  func run(_ source: String) throws -> String? {
    switch session.executeForDisplay(source) {
    case .finished(let display): return display?.text
    case .failed(let error): throw error
    case .interrupted: throw Stopped()
    }
  }

  /// Gives the session a small model `m`, text `data`, scores `s`, a pruned model `small` and the
  /// table `t` of both.
  func prepareSmallModel() throws {
    _ = try run(
      """
      m = load("\(fixturePath("models/llama-tied"))")
      data = tokens([[(7 * i + 3 * j) % 90 for i in range(16)] for j in range(8)])
      s = importance(m, data)
      small = prune(m, s, ffn=0.5)
      t = compare(m, small, tokens=data)
      """)
  }

  /// The error that a cell ends with.
  func error(_ source: String) throws -> Session.CellError {
    guard case .failed(let error) = session.executeForDisplay(source) else {
      throw Stopped()
    }
    return error
  }

  /// What the cells printed so far.
  var printed: String {
    events.compactMap { event in
      switch event {
      case .printed(let text), .paged(let text): text
      default: nil
      }
    }.joined()
  }

  /// The warnings so far.
  var notices: [String] {
    events.compactMap { if case .notice(let line) = $0 { line } else { nil } }
  }
}

/// A cell that did not end as its test says.
struct Stopped: Error {}

/// Calls `body` with a new folder and removes it afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.path + "/workbench-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}
