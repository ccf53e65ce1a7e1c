/// What went between the host and a device since the device was made.
public struct Traffic: Sendable, Equatable {
  /// Copies from the host to the device.
  public var uploads = 0
  /// Bytes of those copies.
  public var uploadedBytes = 0
  /// Copies from the device to the host.
  public var downloads = 0
  /// Bytes of those copies.
  public var downloadedBytes = 0
  /// Kernels started; 0 where operations run on the host itself.
  public var launches = 0
  /// Matrix products called, a batch of them as one.
  public var products = 0

  /// No traffic.
  public init() {}

  /// What went from an earlier moment to a later one.
  public static func - (later: Traffic, earlier: Traffic) -> Traffic {
    combined(later, earlier, -)
  }

  /// The traffic of two stretches of time.
  public static func + (left: Traffic, right: Traffic) -> Traffic { combined(left, right, +) }

  private static func combined(
    _ left: Traffic, _ right: Traffic, _ operation: (Int, Int) -> Int
  ) -> Traffic {
    var result = Traffic()
    for count in [
      \Traffic.uploads, \.uploadedBytes, \.downloads, \.downloadedBytes, \.launches, \.products,
    ] {
      result[keyPath: count] = operation(left[keyPath: count], right[keyPath: count])
    }
    return result
  }
}
