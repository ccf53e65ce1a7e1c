import JSONFormat

/// A line of a run's log: a step, or the held-out loss before the first.
struct RunEntry: Equatable {
  /// The updates made: 1 is the first step's line, 0 the held-out loss before it.
  var step: Int
  /// The loss, measured before the update; nil in the line of step 0, as all down to `seconds`.
  var loss: Double?
  /// The learning rate.
  var rate: Double?
  /// The gradient's norm before clipping.
  var gradientNorm: Double?
  /// Token positions trained on so far.
  var tokens = 0
  /// Seconds of all steps so far.
  var seconds = 0.0
  /// The throughput of this step.
  var tokensPerSecond: Double?
  /// The held-out loss after the update, where it was measured.
  var heldOut: Double?
  /// The losses that the loss is made of.
  var terms: [(name: String, loss: Double)] = []

  private static let columns = [
    "step", "loss", "lr", "gradient_norm", "tokens", "seconds", "tokens_per_second", "held_out",
  ]

  private var values: [JSON?] {
    [
      .int(step), loss.map(JSON.double), rate.map(JSON.double), gradientNorm.map(JSON.double),
      .int(tokens), .double(seconds), tokensPerSecond.map(JSON.double), heldOut.map(JSON.double),
    ]
  }

  /// The line of `log.jsonl`; what was not measured is left out.
  var line: String {
    var object = JSONObject()
    for (name, value) in zip(Self.columns, values) {
      if let value { object[name] = value }
    }
    for term in terms { object[Self.column(ofTerm: term.name)] = .double(term.loss) }
    return JSON.object(object).text() + "\n"
  }

  /// The header of `log.csv` for losses made of these terms.
  static func header(terms: [String]) -> String {
    (columns + terms.map(column)).joined(separator: ",") + "\n"
  }

  /// The line of `log.csv`; what was not measured is empty.
  func row(terms names: [String]) -> String {
    let fields =
      values.map { $0?.text() ?? "" }
      + names.map { name in
        terms.first { $0.name == name }.map { JSON.text(of: $0.loss) } ?? ""
      }
    return fields.joined(separator: ",") + "\n"
  }

  private static let termPrefix = "loss."

  private static func column(ofTerm name: String) -> String { termPrefix + name }

  static func == (left: RunEntry, right: RunEntry) -> Bool { left.line == right.line }
}

extension RunEntry {
  /// The entry of a line of `log.jsonl`; nil for anything else.
  init?(_ json: JSON) {
    guard let step = json["step"]?.int, step >= 0, let tokens = json["tokens"]?.int,
      let seconds = json["seconds"]?.double, let members = json.object?.members
    else { return nil }
    self.init(step: step)
    loss = json["loss"]?.double
    rate = json["lr"]?.double
    gradientNorm = json["gradient_norm"]?.double
    self.tokens = tokens
    self.seconds = seconds
    tokensPerSecond = json["tokens_per_second"]?.double
    heldOut = json["held_out"]?.double
    terms = members.compactMap { key, value in
      guard key.hasPrefix(Self.termPrefix), let loss = value.double else { return nil }
      return (String(key.dropFirst(Self.termPrefix.count)), loss)
    }
    guard step == 0 ? heldOut != nil : loss != nil && rate != nil && gradientNorm != nil else {
      return nil
    }
  }
}

extension Run {
  /// The line of the step made last, or of step 0.
  /// - Parameter before: the seconds of the steps before it.
  func lastEntry(secondsBefore before: Double) -> RunEntry {
    var entry = RunEntry(step: loss.count, tokens: tokens, seconds: seconds)
    entry.heldOut = heldOut.last.flatMap { $0.step == entry.step ? $0.loss : nil }
    guard let last = loss.last else { return entry }
    entry.loss = last
    entry.rate = learningRate.last
    entry.gradientNorm = gradientNorm.last
    let taken = seconds - before
    if taken > 0 { entry.tokensPerSecond = Double(tokens / loss.count) / taken }
    entry.terms = termNames.compactMap { name in terms[name]?.last.map { (name, $0) } }
    return entry
  }

  /// Adds what a log's line holds.
  func restore(_ entry: RunEntry) {
    if let heldOut = entry.heldOut { self.heldOut.append((entry.step, heldOut)) }
    tokens = entry.tokens
    seconds = entry.seconds
    guard let loss = entry.loss else { return }
    self.loss.append(loss)
    learningRate.append(entry.rate ?? 0)
    gradientNorm.append(entry.gradientNorm ?? 0)
    for (name, loss) in entry.terms where termNames.contains(name) {
      terms[name, default: []].append(loss)
    }
  }
}
