internal import CKernels
import Foundation
import Synchronization

/// One call: its pieces are claimed one after another by whoever is free.
final class Job: @unchecked Sendable {
  private let pieces: Int
  private var body: ((Int, Int) throws -> Void)?
  private let next = Atomic(0)
  private let firstFailure = Mutex<(any Error)?>(nil)

  init(pieces: Int, body: @escaping (Int, Int) throws -> Void) {
    self.pieces = pieces
    self.body = body
  }

  var failure: (any Error)? { firstFailure.withLock { $0 } }

  /// Lets go of the body, which is its caller's: a worker may hold the job itself a little longer.
  func end() { body = nil }

  func work(lane: Int) {
    while true {
      let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard piece < pieces else { return }
      do {
        try Interrupt.check()
        try body?(piece, lane)
      } catch {
        firstFailure.withLock { $0 = $0 ?? error }
        next.store(pieces, ordering: .relaxed)
        return
      }
    }
  }
}

/// The workers and the place where they find their job.
final class Team: @unchecked Sendable {
  private let workers: Int
  // One caller at a time.
  private let callers = Mutex(Hired(hasStarted: false))
  private struct Hired { var hasStarted: Bool }

  // Guarded by `lock`: the job, and how many workers are on it.
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let jobPosted: UnsafeMutablePointer<pthread_cond_t>
  private let jobLeft: UnsafeMutablePointer<pthread_cond_t>
  private var job: Job?
  private var busy = 0
  private var isDismissed = false
  // Counts posts, so that spinning threads need not take the lock.
  private let posts = Atomic(0)
  // The same for the caller: how many workers are on the job.
  private let busyNow = Atomic(0)

  private static let spin: UInt64 = 50_000

  init(workers: Int) {
    self.workers = workers
    lock = .allocate(capacity: 1)
    jobPosted = .allocate(capacity: 1)
    jobLeft = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(jobPosted, nil)
    pthread_cond_init(jobLeft, nil)
  }

  deinit {
    pthread_cond_destroy(jobLeft)
    pthread_cond_destroy(jobPosted)
    pthread_mutex_destroy(lock)
    jobLeft.deallocate()
    jobPosted.deallocate()
    lock.deallocate()
  }

  /// Works on a job together with the workers until all its pieces are done.
  func work(on job: Job) {
    callers.withLock { hired in
      if !hired.hasStarted {
        hired.hasStarted = true
        for lane in 1...workers { hire(lane: lane) }
      }
      post(job)
      ThreadRole.enterBody()
      job.work(lane: 0)
      ThreadRole.leaveBody()
      withdraw()
      job.end()
    }
  }

  /// Lets the workers go; each ends when it notices.
  func dismiss() {
    pthread_mutex_lock(lock)
    isDismissed = true
    posts.wrappingAdd(1, ordering: .sequentiallyConsistent)
    pthread_cond_broadcast(jobPosted)
    pthread_mutex_unlock(lock)
  }

  private func post(_ job: Job) {
    pthread_mutex_lock(lock)
    self.job = job
    posts.wrappingAdd(1, ordering: .sequentiallyConsistent)
    pthread_cond_broadcast(jobPosted)
    pthread_mutex_unlock(lock)
  }

  /// Takes the job down and waits for the workers that are still on it.
  private func withdraw() {
    pthread_mutex_lock(lock)
    job = nil
    let isAlone = busy == 0
    pthread_mutex_unlock(lock)
    if isAlone { return }
    Self.spin { busyNow.load(ordering: .acquiring) == 0 }
    pthread_mutex_lock(lock)
    while busy > 0 { pthread_cond_wait(jobLeft, lock) }
    pthread_mutex_unlock(lock)
  }

  private func serve(lane: Int) {
    pare_openmp_alone()
    ThreadRole.enterBody()
    var seen = 0
    while true {
      Self.spin { posts.load(ordering: .acquiring) != seen }
      pthread_mutex_lock(lock)
      while posts.load(ordering: .relaxed) == seen { pthread_cond_wait(jobPosted, lock) }
      seen = posts.load(ordering: .relaxed)
      if isDismissed {
        pthread_mutex_unlock(lock)
        return
      }
      let current = job
      if current != nil { change(busy: 1) }
      pthread_mutex_unlock(lock)
      guard let current else { continue }
      current.work(lane: lane)
      pthread_mutex_lock(lock)
      change(busy: -1)
      if busy == 0 { pthread_cond_signal(jobLeft) }
      pthread_mutex_unlock(lock)
    }
  }

  private func change(busy difference: Int) {
    busy += difference
    busyNow.store(busy, ordering: .releasing)
  }

  /// Starts one worker, deaf to signals: those are for the thread that the user talks to. Where the
  /// system refuses another thread the team works with those it has.
  private func hire(lane: Int) {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    // A fault is the thread's own: blocked, it would end the process past every handler.
    for fault in [SIGILL, SIGSEGV, SIGBUS, SIGFPE, SIGTRAP] { sigdelset(&all, fault) }
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let errand = Unmanaged.passRetained(Errand(team: self, lane: lane))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument {
          let errand = Unmanaged<Errand>.fromOpaque(argument).takeRetainedValue()
          errand.team.serve(lane: errand.lane)
        }
        return nil
      }, errand.toOpaque())
    if status == 0 {
      pthread_detach(thread)
    } else {
      errand.release()
    }
  }

  private final class Errand {
    let team: Team
    let lane: Int
    init(team: Team, lane: Int) {
      self.team = team
      self.lane = lane
    }
  }

  private static func spin(until isDone: () -> Bool) {
    let start = monotonicNanoseconds()
    repeat {
      for _ in 0..<16 {
        if isDone() { return }
        pare_pause()
      }
    } while monotonicNanoseconds() - start < spin
  }
}

private func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
