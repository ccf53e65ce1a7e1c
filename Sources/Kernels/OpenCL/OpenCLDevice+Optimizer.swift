/// The optimizer's pass: optimizer.cl.
extension OpenCLDevice {
  /// One AdamW update; see `OptimizerOperations`.
  /// - Throws: `KernelError`, `Interrupted`.
  public func adamW(
    parameter: Region, gradient: Region, firstMoment: Region, secondMoment: Region,
    squaredNorm: Region, count: Int, _ step: AdamWStep
  ) throws {
    try launchElements(
      "adam_w", of: .optimizer,
      [
        .region(parameter, count: count), .region(gradient, count: count),
        .region(firstMoment, count: count), .region(secondMoment, count: count),
        .region(squaredNorm, count: 1), .float(step.clip ?? -1), .float(step.beta1),
        .float(step.beta2), .float(step.epsilon), .float(step.decay), .float(step.rate),
        .float(step.secondCorrection),
      ], count: count, workAnElement: 16)
  }
}
