internal import CKernels

/// How many cores the process may use: its affinity mask, bounded by the quota of its control
/// group.
func usableProcessors() -> Int {
  let allowed = Int(pare_allowed_cores())
  return max(1, min(allowed, ControlGroup.processorQuota ?? allowed))
}
