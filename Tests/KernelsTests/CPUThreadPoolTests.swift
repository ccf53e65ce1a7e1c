import Foundation
import Kernels
import Synchronization
import Testing

@Suite("CPU: thread pool")
struct CPUThreadPoolTests {
  struct Fault: Error, Equatable { var piece: Int }

  @Test("every piece runs once, with boundaries of its own", arguments: [1, 2, 5])
  func pieces(_ threads: Int) throws {
    let pool = ThreadPool(threads: threads)
    for (count, grain) in [(0, 4), (1, 4), (4, 4), (5, 4), (1000, 7), (3, 1000), (6, 0)] {
      let seen = Mutex<[Range<Int>]>([])
      try pool.run(count: count, grain: grain) { range, lane in
        #expect(lane >= 0 && lane < threads)
        seen.withLock { $0.append(range) }
      }
      let ranges = seen.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
      let step = max(1, grain)
      #expect(ranges == stride(from: 0, to: count, by: step).map { $0..<min($0 + step, count) })
    }
  }

  @Test("no two threads share a number at a time")
  func lanes() throws {
    let pool = ThreadPool(threads: 3)
    let inUse = Mutex<Set<Int>>([])
    for _ in 0..<50 {
      try pool.run(count: 60, grain: 1) { _, lane in
        #expect(inUse.withLock { $0.insert(lane).inserted })
        usleep(10)
        _ = inUse.withLock { $0.remove(lane) }
      }
    }
  }

  @Test("an error ends the call and reaches the caller", arguments: [1, 3])
  func errors(_ threads: Int) throws {
    let pool = ThreadPool(threads: threads)
    let ran = Atomic(0)
    #expect(throws: Fault(piece: 5)) {
      try pool.run(count: 100_000, grain: 1) { range, _ in
        ran.wrappingAdd(1, ordering: .relaxed)
        if range.lowerBound == 5 { throw Fault(piece: 5) }
      }
    }
    #expect(ran.load(ordering: .relaxed) < 100_000)
    // And the team is as good as before.
    try pool.run(count: 10, grain: 1) { _, _ in ran.wrappingAdd(1, ordering: .relaxed) }
  }

  @Test("calls from inside a body run where they are")
  func nested() throws {
    let pool = ThreadPool(threads: 3)
    let total = Atomic(0)
    try pool.run(count: 20, grain: 1) { _, _ in
      try pool.run(count: 30, grain: 1) { range, lane in
        #expect(lane == 0)
        total.wrappingAdd(range.lowerBound, ordering: .relaxed)
      }
    }
    #expect(total.load(ordering: .relaxed) == 20 * 435)
  }

  @Test("several threads may call at once")
  func manyCallers() {
    let pool = ThreadPool(threads: 3)
    let total = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<200 {
        try? pool.run(count: 17, grain: 2) { range, _ in
          total.wrappingAdd(range.count, ordering: .relaxed)
        }
      }
    }
    #expect(total.load(ordering: .relaxed) == 8 * 200 * 17)
  }

  @Test("a team that slept wakes up")
  func sleep() throws {
    let pool = ThreadPool(threads: 4)
    for _ in 0..<20 {
      usleep(2000)
      let total = Atomic(0)
      try pool.run(count: 100, grain: 3) { range, _ in
        total.wrappingAdd(range.count, ordering: .relaxed)
      }
      #expect(total.load(ordering: .relaxed) == 100)
    }
  }
}
