import Compression
import Language

/// How stable a ranking is, in the language.
final class StabilityObject: DescribedObject {
  let stability: Stability

  init(_ stability: Stability) { self.stability = stability }

  var typeName: String { "stability" }
  static let attributeTexts: KeyValuePairs = [
    "axis": "Which units were ranked.",
    "top": "How many units count as the top.",
    "units": "How many units there are in a ranking.",
    "resamples": "How many resamples were drawn.",
    "tau": "Kendall's tau-b against all windows: (mean, low, high) at 95 %.",
    "overlap": "The share of the top that stays: (mean, low, high) at 95 %.",
    "levels": "The same for tops of other sizes: (top, mean, low, high) for each.",
  ]

  func representation() -> String {
    func text(_ band: Stability.Band) -> String {
      "\(band.mean.readable) (\(band.low.readable) to \(band.high.readable))"
    }
    return
      "stability of \(stability.axis.rawValue) over \(counted(stability.resamples, "resample")): tau "
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
    case "levels":
      .list(
        stability.levels.map { level in
          let band = level.overlap
          return .tuple([
            .int(level.top), .float(band.mean), .float(band.low), .float(band.high),
          ])
        })
    default: nil
    }
  }

  /// (mean, low, high).
  private func tuple(_ band: Stability.Band) -> Value {
    .tuple([.float(band.mean), .float(band.low), .float(band.high)])
  }
}
