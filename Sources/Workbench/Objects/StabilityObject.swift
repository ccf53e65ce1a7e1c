import Compression
import Language

/// How stable a ranking is, in the language.
final class StabilityObject: HostObject {
  let stability: Stability

  init(_ stability: Stability) { self.stability = stability }

  var typeName: String { "stability" }
  var attributeNames: [String] { ["axis", "top", "units", "resamples", "tau", "overlap"] }

  func representation() -> String {
    func text(_ band: Stability.Band) -> String {
      "\(band.mean.digits(4)) (\(band.low.digits(4)) to \(band.high.digits(4)))"
    }
    return "stability of \(stability.axis.rawValue) over \(stability.resamples) resamples: tau "
      + "\(text(stability.tau)), overlap of the top \(stability.top) of \(stability.units) "
      + text(stability.overlap)
  }

  func attribute(_ name: String) -> Value? {
    switch name {
    case "axis": .string(stability.axis.rawValue)
    case "top": .int(stability.top)
    case "units": .int(stability.units)
    case "resamples": .int(stability.resamples)
    case "tau": tuple(stability.tau)
    case "overlap": tuple(stability.overlap)
    default: nil
    }
  }

  /// (mean, low, high).
  private func tuple(_ band: Stability.Band) -> Value {
    .tuple([.float(band.mean), .float(band.low), .float(band.high)])
  }
}
