// Stands in for families that are not merged yet; this file goes with the last of them.

extension MovementOperations where Self == CPUDevice {
  public func copy(_ source: Strided, to target: Strided, shape: [Int]) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func fill(_ target: Strided, shape: [Int], with value: Scalar) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func convert(_ source: Region, to target: Region, count: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func gatherRows( _ table: Region, width: Int, rows: Region, count: Int, to target: Region) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func scatterAddRows( _ source: Region, width: Int, rows: Region, count: Int, to table: Region, tableRows: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
}

extension ElementwiseOperations where Self == CPUDevice {
  public func apply(_ operation: UnaryOperation, _ x: Region, to target: Region, count: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func apply( _ operation: BinaryOperation, _ a: Strided, _ b: Strided, to target: Region, shape: [Int]) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func select( _ condition: Strided, _ a: Strided, _ b: Strided, to target: Region, shape: [Int]) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func accumulate(_ x: Region, scale: Float, into target: Region, count: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func scale(_ x: Region, by scale: Float, to target: Region, count: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
}

extension ReductionOperations where Self == CPUDevice {
  public func reduce( _ reduction: Reduction, _ x: Region, outer: Int, count: Int, inner: Int, to target: Region ) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func reduceIndex( largest: Bool, _ x: Region, outer: Int, count: Int, inner: Int, to target: Region) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func logSumExp(_ x: Region, outer: Int, count: Int, to target: Region) throws {
    throw KernelError.unsupported("not merged yet")
  }
}

extension ProductOperations where Self == CPUDevice {
  public func multiply(_ product: MatrixProduct) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func multiplyIntegers( _ left: Region, _ right: Region, to out: Region, rows: Int, columns: Int, inner: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
}

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

extension VocabularyOperations where Self == CPUDevice {
  public func crossEntropyUpdate( _ logits: Region, targets: Region, state: Region, rows: Int, columns: Int, firstColumn: Int, isFirst: Bool) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func crossEntropyLosses(_ state: Region, targets: Region, to losses: Region, rows: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func crossEntropyGradient( _ logits: Region, targets: Region, state: Region, upstream: Region, scale: Float, rows: Int, columns: Int, firstColumn: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func divergenceUpdate( teacher: Region, student: Region, state: Region, temperature: Float, rows: Int, columns: Int, isFirst: Bool) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func divergenceLosses(_ state: Region, to losses: Region, rows: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func divergenceGradient( teacher: Region, student: Region, state: Region, upstream: Region, temperature: Float, scale: Float, rows: Int, columns: Int) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func argmaxUpdate( _ logits: Region, largest: Region, ids: Region, rows: Int, columns: Int, firstColumn: Int, isFirst: Bool) throws {
    throw KernelError.unsupported("not merged yet")
  }
}

extension OptimizerOperations where Self == CPUDevice {
  public func sumOfSquares(_ x: Region, count: Int, to target: Region, accumulates: Bool) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func adamW( parameter: Region, gradient: Region, firstMoment: Region, secondMoment: Region, squaredNorm: Region, count: Int, _ step: AdamWStep) throws {
    throw KernelError.unsupported("not merged yet")
  }
}

extension StatisticsOperations where Self == CPUDevice {
  public func timeMoments( _ x: Region, batch: Int, time: Int, width: Int, absoluteMean: Region, norm: Region, variance: Region) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func rowNorms(_ x: Region, rows: Int, width: Int, to norms: Region) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func rowCosines(_ x: Region, _ y: Region, rows: Int, width: Int, to cosines: Region) throws {
    throw KernelError.unsupported("not merged yet")
  }
  public func isFinite(_ x: Region, count: Int) throws -> Bool {
    throw KernelError.unsupported("not merged yet")
  }
}
