/// Counts small pieces of work and calls back every few thousand, so that long work can be stopped.
final class Pace {
  private let poll: (() throws -> Void)?
  private var count = 0

  init(_ poll: (() throws -> Void)?) { self.poll = poll }

  @inline(__always)
  func tick() throws {
    count &+= 1
    if count & 0xFFF == 0 { try poll?() }
  }
}
