import JSONFormat

extension Run {
  /// The record in one piece, for a session that is kept.
  package var json: JSON {
    func numbers(_ values: [Double]) -> JSON { .array(values.map { .double($0) }) }
    return [
      "settings": .object(configuration), "objective": .string(objective),
      "temperature": .double(temperature), "loss": numbers(loss), "lr": numbers(learningRate),
      "gradient_norm": numbers(gradientNorm), "tokens": .int(tokens), "seconds": .double(seconds),
      "terms": .array(
        termNames.map { ["name": .string($0), "values": numbers(terms[$0] ?? [])] }),
      "held_out": .array(heldOut.map { .array([.int($0.step), .double($0.loss)]) }),
    ]
  }

  /// The record that `json` gave; nil for anything else.
  package convenience init?(_ json: JSON) {
    func numbers(_ json: JSON?) -> [Double]? {
      guard let array = json?.array else { return nil }
      let values = array.compactMap(\.double)
      return values.count == array.count ? values : nil
    }
    guard let settings = json["settings"]?.object,
      let training = TrainingSettings(.object(settings)),
      let objective = json["objective"]?.string, let temperature = json["temperature"]?.double,
      let loss = numbers(json["loss"]), let rates = numbers(json["lr"]),
      let norms = numbers(json["gradient_norm"]), rates.count == loss.count,
      norms.count == loss.count, let tokens = json["tokens"]?.int,
      let seconds = json["seconds"]?.double, let terms = json["terms"]?.array,
      let heldOut = json["held_out"]?.array
    else { return nil }
    let names = terms.compactMap { $0["name"]?.string }
    let values = terms.compactMap { numbers($0["values"]) }
    let pairs = heldOut.compactMap { pair -> (step: Int, loss: Double)? in
      guard let parts = pair.array, parts.count == 2, let step = parts[0].int,
        let loss = parts[1].double
      else { return nil }
      return (step, loss)
    }
    guard names.count == terms.count, values.count == terms.count, pairs.count == heldOut.count,
      Set(names).count == names.count
    else { return nil }
    self.init(
      settings: training, objective: objective, temperature: temperature, termNames: names)
    configuration = settings
    self.loss = loss
    learningRate = rates
    gradientNorm = norms
    self.tokens = tokens
    self.seconds = seconds
    self.heldOut = pairs
    self.terms = Dictionary(zip(names, values)) { first, _ in first }
  }
}
