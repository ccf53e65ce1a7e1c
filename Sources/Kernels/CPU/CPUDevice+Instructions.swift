internal import CKernels

/// What of the processor it uses.
extension CPUDevice {
  /// The names that the environment variable PARE_ISA may give.
  public static let instructionSetNames = InstructionSet.allCases.map { "\($0)" } + ["amx"]

  /// The instruction set in use and what multiplies bf16 numbers, such as `avx512 with AMX`.
  public var instructions: String {
    let set = InstructionSet.allCases.first { $0.tag == kernels.pointee.isa } ?? .baseline
    guard let units else { return "\(set)" }
    return "\(set) with " + (units.pointee.kind == PARE_TILES ? "AMX" : "dot products of bf16")
  }
}
