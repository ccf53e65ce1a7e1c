import Files
import Foundation

/// Bounds this process's address space to what is used now, 256 MB and a little for the files that
/// a test reads: an allocation by a damaged file's word fails.
package func limitMemory() throws {
  let status = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
  let pages = Int(status.prefix { $0 != " " }) ?? 0
  let bytes = rlim_t(pages * Int(sysconf(Int32(_SC_PAGESIZE))) + 264 << 20)
  var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
  guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
    throw FileError(path: "RLIMIT_AS", reason: "cannot be set")
  }
}
