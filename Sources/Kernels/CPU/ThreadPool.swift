import Foundation

/// A team of threads that share out the pieces of a range.
///
/// The calling thread takes part. Workers wait for the next call by spinning for a moment, then
/// asleep: between the kernels of a training step they are ready at once, and an idle process costs
/// nothing. They start at the first call that has more than one piece.
package final class ThreadPool: Sendable {
  /// How many threads work on a call, the caller included.
  package let threads: Int
  private let team: Team

  /// A team of `threads`, at least 1.
  package init(threads: Int) {
    self.threads = max(1, threads)
    team = Team(workers: self.threads - 1)
  }

  deinit { team.dismiss() }

  /// Runs `body` on the pieces of 0..<count, `grain` elements each, in any order and on any thread.
  ///
  /// Where pieces begin depends on `count` and `grain` alone. `body` also receives its thread's
  /// number, from 0 to `threads` - 1, for scratch memory that no other thread uses at the time. A
  /// call from inside a body runs its pieces on its own thread, as number 0.
  /// - Throws: `Interrupted` between pieces, and the first error that a body throws.
  package func run(count: Int, grain: Int, _ body: (Range<Int>, Int) throws -> Void) throws {
    guard count > 0 else { return }
    let grain = max(1, grain)
    let pieces = (count - 1) / grain + 1
    if pieces == 1 || threads == 1 || ThreadRole.isInsideBody {
      for piece in 0..<pieces {
        try Interrupt.check()
        try body(Self.range(piece, count: count, grain: grain), 0)
      }
      return
    }
    try withoutActuallyEscaping(body) { body in
      let job = Job(pieces: pieces) { piece, lane in
        try body(Self.range(piece, count: count, grain: grain), lane)
      }
      team.work(on: job)
      if let error = job.failure { throw error }
    }
  }

  private static func range(_ piece: Int, count: Int, grain: Int) -> Range<Int> {
    let lower = piece * grain
    return lower..<min(count - lower, grain) + lower
  }
}

/// Whether the current thread is inside a body: such a thread must not wait for the team.
enum ThreadRole {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  static var isInsideBody: Bool { pthread_getspecific(key) != nil }

  static func enterBody() { pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1)) }
  static func leaveBody() { pthread_setspecific(key, nil) }
}
