import Foundation

/// The limits that a container sets to its processes, by either version of Linux's control groups.
enum ControlGroup {
  /// Whole cores' worth of processor time, at least 1; nil without a limit.
  static var processorQuota: Int? {
    if let fields = text("/sys/fs/cgroup/cpu.max")?.split(separator: " "), fields.count == 2 {
      return cores(quota: Int(fields[0]), period: Int(fields[1]))
    }
    return cores(
      quota: number("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
      period: number("/sys/fs/cgroup/cpu/cpu.cfs_period_us"))
  }

  /// Bytes that the process may still take before its group's limit; nil without a limit.
  static var availableMemory: Int? {
    if let limit = number("/sys/fs/cgroup/memory.max"),
      let used = number("/sys/fs/cgroup/memory.current")
    {
      // File pages that nobody maps are given back when memory is needed.
      return max(0, limit - used + (field("inactive_file", in: "/sys/fs/cgroup/memory.stat") ?? 0))
    }
    if let limit = number("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
      let used = number("/sys/fs/cgroup/memory/memory.usage_in_bytes"), limit < 1 << 50
    {
      let cached = field("total_inactive_file", in: "/sys/fs/cgroup/memory/memory.stat") ?? 0
      return max(0, limit - used + cached)
    }
    return nil
  }

  private static func cores(quota: Int?, period: Int?) -> Int? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return max(1, (quota - 1) / period + 1)
  }

  private static func text(_ path: String) -> String? { contents(ofSystemFile: path) }

  private static func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  private static func field(_ name: String, in path: String) -> Int? {
    text(path).flatMap { field(name, of: $0) }
  }

  /// The number after `name` at the start of a line.
  static func field(_ name: String, of text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      if words.count >= 2, words[0] == name { return Int(words[1]) }
    }
    return nil
  }
}

/// The text of a small file of /proc or /sys, whose size is not known beforehand.
func contents(ofSystemFile path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 1 << 14)
  let count = read(descriptor, &bytes, bytes.count)
  guard count > 0 else { return nil }
  return String(decoding: bytes.prefix(count), as: UTF8.self)
}
