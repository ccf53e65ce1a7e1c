internal import CKernels

/// The units of a processor that multiply bf16 numbers with sums in f32.
package enum BFloatUnits: CaseIterable, Sendable {
  /// AVX-512's dot products of pairs.
  case dots
  /// The tiles of AMX.
  case tiles

  /// Those that this processor has.
  package static var available: [BFloatUnits] {
    allCases.filter { pare_has_bfloat_units($0.kind) != 0 }
  }

  var kind: pare_bfloat_kind {
    switch self {
    case .dots: PARE_DOTS
    case .tiles: PARE_TILES
    }
  }
}
