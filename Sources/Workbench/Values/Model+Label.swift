import Models

extension Model {
  /// The name, of a masked view with what is off: `smollm2-135m (3 heads off)`.
  var label: String { mask.map { "\(name) (\($0.summary))" } ?? name }
}

extension Mask {
  /// What is switched off, in words.
  var summary: String {
    func count(_ sets: [Set<Int>]) -> Int { sets.reduce(0) { $0 + $1.count } }
    let counts = [
      (count(heads), "head"), (count(neurons), "neuron"), (channels.count, "channel"),
      (layers.count, "layer"),
    ]
    let off = counts.filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
    return (off.isEmpty ? "nothing" : off.joined(separator: ", ")) + " off"
  }
}

/// The labels of models, those that are the same told apart by a number.
func distinctLabels(_ models: [Model]) -> [String] {
  var seen: [String: Int] = [:]
  return models.map { model in
    let label = model.label
    seen[label, default: 0] += 1
    let number = seen[label] ?? 1
    return number == 1 ? label : "\(label) #\(number)"
  }
}
