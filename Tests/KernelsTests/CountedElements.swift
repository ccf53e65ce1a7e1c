import Kernels
import Synchronization

/// Elements in host memory that count how often they are read.
final class CountedElements: ElementSource {
  let values: [Float]
  private let counts = Mutex((read: 0, announced: 0))
  private let isGone = Atomic(false)

  init(_ values: [Float]) { self.values = values }

  struct Gone: Error {}

  /// Elements read so far.
  var read: Int { counts.withLock { $0.read } }
  /// How often reading all of them was announced.
  var announced: Int { counts.withLock { $0.announced } }

  func vanish() { isGone.store(true, ordering: .relaxed) }

  func requireUnchanged() throws { if isGone.load(ordering: .relaxed) { throw Gone() } }

  func read(_ elements: Range<Int>, into output: UnsafeMutableBufferPointer<Float>) {
    _ = output.update(fromContentsOf: values[elements])
    counts.withLock { $0.read += elements.count }
  }

  func prefetch() { counts.withLock { $0.announced += 1 } }

  func release() {}
}
