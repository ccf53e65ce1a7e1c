import Dispatch
import Synchronization

/// Says what is being waited for, once it takes more than a second.
final class SlowNotice: Sendable {
  private let isOver = Atomic(false)

  init(_ text: String, _ announce: @escaping @Sendable (String) -> Void) {
    DispatchQueue.global().asyncAfter(deadline: .now() + 1) {
      if !self.isOver.load(ordering: .acquiring) { announce(text) }
    }
  }

  /// The wait is over; nothing will be said any more.
  func cancel() { isOver.store(true, ordering: .releasing) }
}
