import Foundation
import Kernels
import Tensors

/// How generation chooses among the next ids.
public struct Sampling: Sendable, Equatable {
  /// 0 takes the most likely id; above, logits are divided by it before the draw.
  public var temperature = 0.0
  /// Draws from the fewest likely ids whose probabilities reach this sum (arXiv 1904.09751).
  public var topP = 1.0

  /// A way to choose.
  public init(temperature: Double = 0, topP: Double = 1) {
    self.temperature = temperature
    self.topP = topP
  }

  /// The next id from the logits of one position; the lowest on ties when greedy.
  func next(_ logits: [Float], _ generator: inout RandomGenerator) -> Int {
    let best = logits.indices.max {
      logits[$0] < logits[$1] || (logits[$0] == logits[$1] && $0 > $1)
    }
    guard let best, temperature > 0 else { return best ?? 0 }
    let weights = logits.map { exp(Double($0 - logits[best]) / temperature) }
    let total = weights.reduce(0, +)
    var candidates = Array(weights.indices)
    if topP < 1 { candidates = nucleus(weights, total) }
    var draw = generator.uniform() * candidates.reduce(0) { $0 + weights[$1] }
    for id in candidates {
      draw -= weights[id]
      if draw < 0 { return id }
    }
    return candidates.last ?? best
  }

  private func nucleus(_ weights: [Double], _ total: Double) -> [Int] {
    let order = weights.indices.sorted {
      weights[$0] > weights[$1] || (weights[$0] == weights[$1] && $0 < $1)
    }
    var sum = 0.0
    for (count, id) in order.enumerated() {
      sum += weights[id]
      if sum >= topP * total { return Array(order.prefix(count + 1)) }
    }
    return order
  }
}

extension Model {
  /// Continues a sequence of ids; stops at an end id, which is not returned.
  ///
  /// - Parameters:
  ///   - prompt: at least one id.
  ///   - count: the most ids to make.
  ///   - ends: ids that end the text.
  /// - Throws: `ModelError.ids` for an empty prompt, ids outside the vocabulary or more positions
  ///   than the model learned; `Interrupted`.
  public func generate(
    _ prompt: [Int], count: Int, sampling: Sampling = Sampling(), ends: Set<Int> = [],
    using generator: inout RandomGenerator
  ) throws -> [Int] {
    guard !prompt.isEmpty else {
      throw ModelError.ids("generation needs a prompt of at least one token")
    }
    guard count > 0 else { return [] }
    let (capacity, overflow) = prompt.count.addingReportingOverflow(count)
    guard !overflow else { throw ModelError.ids("\(count) tokens are more than can be counted") }
    if let positions = architecture.positions, capacity > positions {
      throw ModelError.ids(
        "a prompt of \(prompt.count) tokens and \(count) more pass the \(positions) positions of "
          + "\(name): "
          + (prompt.count < positions
            ? "ask for at most \(positions - prompt.count)" : "take a shorter prompt"))
    }
    let cache = try KeyValueCache(self, batch: 1, capacity: capacity)
    var input = prompt
    var made: [Int] = []
    while true {
      try Interrupt.check()
      let ids = try TokenIDs(input.map(Int64.init), time: input.count, for: self)
      let hidden = try hidden(ids, cache: cache)
      let last = try hidden.indexed([.at(0), .slice(start: -1, end: nil, step: nil)])
      let logits = try last.linear(head)
      let id: Int
      if sampling.temperature == 0, let best = try logits.topIfFinite() {
        id = best
      } else {
        id = sampling.next(try finite(logits), &generator)
      }
      if ends.contains(id) { return made }
      made.append(id)
      if made.count == count { return made }
      input = [id]
    }
  }

  /// The logits of one position on the host.
  private func finite(_ logits: Tensor) throws -> [Float] {
    let values = try logits.floats()
    if let bad = values.first(where: { !$0.isFinite }) {
      throw try nonFinite("a logit", Double(bad))
    }
    return values
  }

  /// The error for a result that is not finite, naming the first layer and weight that holds a NaN
  /// or infinity.
  /// - Parameters:
  ///   - what: the result, as the subject of a sentence.
  ///   - place: what follows the value in that sentence.
  package func nonFinite(
    _ what: String, _ value: Double, _ place: String = ""
  ) throws -> ModelError {
    // A NaN's sign means nothing, yet it would be printed.
    let fault = "\(what) is \(value.isNaN ? "nan" : "\(value)")\(place)"
    if let weight = try nonFiniteWeight() {
      return .weights("\(fault): the weight '\(weight)' of \(name) holds a NaN or an infinity")
    }
    return .weights("\(fault), though every weight of \(name) is finite")
  }

  /// The name of the first weight that holds a NaN or an infinity, nil where all are finite.
  package func nonFiniteWeight() throws -> String? {
    try weights.names.first { name in
      guard let tensor = try weights.tensor(name) else { return false }
      defer { weights.stream?.release(name) }
      return try !device.isFinite(tensor.region, count: tensor.count)
    }
  }
}

extension Tensor {
  /// The lowest index of the largest of these logits [1, vocab], nil where one is not finite; found
  /// on the device, of which two numbers are read.
  fileprivate func topIfFinite() throws -> Int? {
    // 0 · x is NaN, which differs from 0, for what is not finite.
    let zero = try Tensor.full([], 0, on: device)
    let faults = try scaled(by: 0).binary(.notEqual, zero).any().converted(to: .i64)
    let answer = try Tensor.concatenated([argmax(axis: -1), faults.reshaped([1])]).integers()
    return answer[1] == 0 ? Int(answer[0]) : nil
  }
}
