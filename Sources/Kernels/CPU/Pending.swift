// Stands in for families that are not merged yet; this file goes with the last of them.

extension TransformerOperations where Self == CPUDevice {
  public func rmsNorm( _ x: Region, weight: Region, to out: Region, inverse: Region, _ shape: NormShape) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func rmsNormGradient( _ dOut: Region, x: Region, weight: Region, inverse: Region, dx: Region, dWeight: Region?, accumulates: Bool, _ shape: NormShape) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func rotary( _ x: Region, cosines: Region, sines: Region, to out: Region, _ shape: RotaryShape) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func attention( q: Region, k: Region, v: Region, to out: Region, logSumExp: Region?, _ shape: AttentionShape ) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func attentionGradient( _ dOut: Region, q: Region, k: Region, v: Region, out: Region, logSumExp: Region, dq: Region, dk: Region, dv: Region, _ shape: AttentionShape) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func swiglu(gate: Region, up: Region, to out: Region, count: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func swigluGradient( _ dOut: Region, gate: Region, up: Region, dGate: Region, dUp: Region, count: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func softmax(_ x: Region, to out: Region, rows: Int, width: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
}
