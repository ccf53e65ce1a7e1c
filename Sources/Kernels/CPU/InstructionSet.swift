internal import CKernels

/// The instruction sets that the CPU's loops are compiled for.
package enum InstructionSet: CaseIterable, Sendable {
  case baseline, avx2, avx512

  /// Those that this processor has.
  package static var available: [InstructionSet] {
    allCases.filter { pare_kernels_for($0.tag) != nil }
  }

  /// Its loops; nil where the processor lacks it.
  var kernels: UnsafePointer<pare_kernels>? { pare_kernels_for(tag) }

  /// Its tag in the tables of loops.
  var tag: pare_isa {
    switch self {
    case .baseline: PARE_BASELINE
    case .avx2: PARE_AVX2
    case .avx512: PARE_AVX512
    }
  }
}
