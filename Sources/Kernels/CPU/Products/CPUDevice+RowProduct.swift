internal import CKernels

/// Products of one row with weights that are kept in panels of bf16, as fast as memory gives those:
/// generation is made of them. Any processor has them.
extension CPUDevice {
  /// One row times a weight.
  /// - Throws: `KernelError.outOfMemory`, `Interrupted`.
  func multiplyRow(_ p: HostProduct) throws {
    let panels = try panels(of: p)
    try withRoundedRow(p) { row in
      try forEachPanel(of: p, rows: 1) { from, to in
        kernels.pointee.multiply_row_panels(
          row, panels.bfloats, p.start, p.out, Int64(p.paddedInner), Int64(p.columns), from, to)
      }
    }
    withExtendedLifetime(panels) {}
  }

  /// One row of a gated MLP.
  /// - Throws: `KernelError.outOfMemory`, `Interrupted`.
  func multiplyGatedRow(
    gate: HostProduct, up: HostProduct, projectedGate: UnsafeMutablePointer<Float>?
  ) throws {
    let panels = try (gate: panels(of: gate), up: panels(of: up))
    try withRoundedRow(gate) { row in
      try forEachPanel(of: gate, rows: 2) { from, to in
        kernels.pointee.multiply_row_gated(
          row, panels.gate.bfloats, panels.up.bfloats, gate.out, projectedGate,
          Int64(gate.paddedInner), Int64(gate.columns), from, to)
      }
    }
    withExtendedLifetime(panels) {}
  }

  private func withRoundedRow(
    _ p: HostProduct, _ body: (UnsafePointer<Float>) throws -> Void
  ) throws {
    try withScratch(p.paddedInner) { row in
      (row + p.inner).update(repeating: 0, count: p.paddedInner - p.inner)
      kernels.pointee.round_to_bfloat(p.left, row, Int64(p.inner))
      try body(row)
    }
  }

  /// Shares out the panels; `rows` says how many products each takes part in.
  private func forEachPanel(
    of p: HostProduct, rows: Int, _ body: (_ from: Int64, _ to: Int64) -> Void
  ) throws {
    let grain = max(1, Self.elementGrain * 4 / (rows * p.paddedInner * 64))
    try parallel(p.panelCount, grain: grain, operation: "products") { range in
      body(Int64(range.lowerBound), Int64(range.upperBound))
    }
  }
}
