import Dispatch

/// Says what is being waited for, once it takes more than a second.
final class SlowNotice: Sendable {
  private let work: DispatchWorkItem

  init(_ text: String, _ announce: @escaping @Sendable (String) -> Void) {
    work = DispatchWorkItem { announce(text) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 1, execute: work)
  }

  func cancel() { work.cancel() }
}
