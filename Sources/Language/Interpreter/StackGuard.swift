import Glibc

/// Tells when the current thread's stack is nearly used up.
struct StackGuard {
  /// Below this address is only the reserve for what a host's function needs.
  private let limit: UInt

  /// A guard for the thread that calls.
  init() {
    guard let (base, size) = Self.stackOfThread() else {
      // A thread of unknown size has at least this much below where we are.
      limit = Self.address() - (256 << 10)
      return
    }
    limit = base + min(size / 3, 512 << 10)
  }

  /// Whether the stack has reached its reserve.
  var isExhausted: Bool { Self.address() < limit }

  /// An address in the frame that asks.
  @inline(__always) private static func address() -> UInt {
    var marker: UInt8 = 0
    return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }

  /// The lowest address and the size of the current thread's stack.
  private static func stackOfThread() -> (base: UInt, size: UInt)? {
    guard let getAttributes = attributesFunction else { return nil }
    var attributes = pthread_attr_t()
    guard getAttributes(pthread_self(), &attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    var base: UnsafeMutableRawPointer?
    var size = 0
    guard pthread_attr_getstack(&attributes, &base, &size) == 0 else { return nil }
    return (UInt(bitPattern: base), UInt(size))
  }

  private typealias GetAttributes =
    @convention(c) (pthread_t, UnsafeMutablePointer<pthread_attr_t>) -> Int32

  /// `pthread_getattr_np`, a GNU extension that Swift's Glibc module does not declare.
  private static let attributesFunction: GetAttributes? = {
    guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "pthread_getattr_np") else { return nil }
    return unsafeBitCast(symbol, to: GetAttributes.self)
  }()
}
