import Compression
import JSONFormat

extension DistillationLoss {
  /// The loss of a golden run; nil for anything else.
  init?(_ json: JSON) {
    guard let weights = json["weights"]?.object, let pairs = json["pairs"]?.array,
      let temperature = json["temperature"]?.double, let k = json["k"]?.int
    else { return nil }
    var parts: [Part] = []
    for (name, value) in weights.members {
      guard let term = Term(rawValue: name) else { return nil }
      if let number = value.double {
        parts.append(Part(term, .number(number)))
      } else if value.string == "auto" {
        parts.append(Part(term, .automatic))
      } else {
        return nil
      }
    }
    let layers = pairs.compactMap { pair -> LayerPair? in
      guard let pair = pair.array, pair.count == 2, let teacher = pair[0].int,
        let student = pair[1].int
      else { return nil }
      return LayerPair(teacher: teacher, student: student)
    }
    guard layers.count == pairs.count else { return nil }
    self.init(parts, pairs: layers, temperature: temperature, k: k)
  }
}
