import Language
import Models

/// Where a pruned model's weights come from, in the language: the last cut, and those before it.
final class ProvenanceObject: DescribedObject {
  let provenance: Provenance
  /// The last cut.
  let cut: Provenance.Cut

  /// nil for a history without a cut.
  init?(_ provenance: Provenance) {
    guard let cut = provenance.cuts.last else { return nil }
    self.provenance = provenance
    self.cut = cut
  }

  var typeName: String { "provenance" }

  static let attributeTexts: KeyValuePairs = [
    "teacher": "The name of the model that was cut.",
    "fingerprint": "The fingerprint of its weights.",
    "layers": "The layers that were kept, by their numbers in the teacher.",
    "channels": "The channels that were kept.",
    "heads": "The heads that were kept, a list for each kept layer.",
    "neurons": "The neurons that were kept, a list for each kept layer.",
    "residuals": "Pairs (kept head, pruned head) whose residual was added, a list for each layer.",
    "updates": "The updates of training since the cut.",
    "earlier": "The cuts before this one, None where it is the first.",
  ]

  func representation() -> String {
    let parts = [
      "layers \(cut.layers.ranges)", counted(cut.channels.count, "channel"),
      "\(counted(cut.heads.first?.count ?? 0, "head")) and "
        + "\(counted(cut.neurons.first?.count ?? 0, "neuron")) a layer",
    ]
    let residual = cut.residuals.isEmpty ? "" : ", with the head residual"
    let training = cut.updates > 0 ? ", then \(counted(cut.updates, "update")) of training" : ""
    let earlier =
      provenance.cuts.count > 1 ? "; \(counted(provenance.cuts.count - 1, "cut")) before it" : ""
    return "cut from \(cut.teacher.name): " + parts.joined(separator: ", ") + residual + training
      + earlier
  }

  /// Two histories are equal where every cut is.
  func binary(_ operation: BinaryOperator, _ other: Value, reflected: Bool) -> Value? {
    guard case .object(let object as ProvenanceObject) = other else { return nil }
    switch operation {
    case .equal: return .bool(provenance == object.provenance)
    case .notEqual: return .bool(provenance != object.provenance)
    default: return nil
    }
  }

  func attribute(_ name: String) -> Value? {
    func list(_ numbers: [Int]) -> Value { .list(numbers.map { .int($0) }) }
    switch name {
    case "teacher": return .string(cut.teacher.name)
    case "fingerprint": return .string(cut.teacher.fingerprint)
    case "layers": return list(cut.layers)
    case "channels": return list(cut.channels)
    case "heads": return .list(cut.heads.map(list))
    case "neurons": return .list(cut.neurons.map(list))
    case "residuals":
      return .list(
        cut.residuals.map { .list($0.map { .tuple([.int($0.kept), .int($0.pruned)]) }) })
    case "updates": return .int(cut.updates)
    case "earlier":
      return ProvenanceObject(Provenance(cuts: provenance.cuts.dropLast())).map { .object($0) }
        ?? .some(.none)
    default: return nil
    }
  }
}

extension [Int] {
  /// Rising numbers as ranges, `0–3, 7`.
  fileprivate var ranges: String {
    var parts: [ClosedRange<Int>] = []
    for number in self {
      if let last = parts.last, last.upperBound + 1 == number {
        parts[parts.count - 1] = last.lowerBound...number
      } else {
        parts.append(number...number)
      }
    }
    return parts.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
      .joined(separator: ", ")
  }
}
