import Checkpoints
import Compression
import Language

/// What a distillation was asked to minimize.
enum RequestedLoss {
  case one(DistillationLoss)
  /// One after the other, each on a copy of the student.
  case sweep([DistillationLoss])
}

extension BoundArguments {
  /// The losses of distill: `loss=` with `temperature=` and `k=`.
  /// - Throws: `LanguageError` naming the term that is none, or what a term takes.
  func requestedLoss() throws -> RequestedLoss {
    switch value("loss") {
    case .list(let list): return .sweep(try sweep(list.elements))
    case .tuple(let tuple): return .sweep(try sweep(tuple.elements))
    default: return .one(try loss(value("loss")))
    }
  }

  private func sweep(_ entries: [Value]) throws -> [DistillationLoss] {
    guard !entries.isEmpty else { throw LanguageError("loss is an empty list: nothing to sweep") }
    return try entries.map(loss)
  }

  private func loss(_ value: Value) throws -> DistillationLoss {
    var loss = DistillationLoss([], temperature: try double("temperature"), k: try int("k"))
    switch value {
    case .string(let name): loss.parts = [.init(try term(name))]
    case .dict(let weights):
      for (key, value) in weights.entries {
        guard let name = key.asString else {
          throw LanguageError("the keys of loss are names of terms, not \(key.typePhrase)")
        }
        let term = try term(name)
        if term == .hidden {
          let (weight, pairs) = try hidden(value)
          loss.parts.append(.init(term, weight))
          loss.pairs = pairs
        } else {
          loss.parts.append(.init(term, try weight(value, of: name)))
        }
      }
    default:
      throw LanguageError(
        "loss is a name such as 'kl', a dict of weights, or a list of such, not "
          + value.typePhrase)
    }
    return loss
  }

  private func term(_ name: String) throws -> DistillationLoss.Term {
    if let term = DistillationLoss.Term(rawValue: name) { return term }
    let all = DistillationLoss.Term.allCases.map(\.rawValue)
    throw LanguageError(
      "loss knows \(all.map { "'\($0)'" }.joined(separator: ", ")), not '\(name)'"
        + didYouMean(name, all))
  }

  private func weight(_ value: Value, of name: String) throws -> DistillationLoss.Weight {
    if value.asString == "auto" { return .automatic }
    guard let number = value.asDouble else {
      throw LanguageError(
        "the weight of '\(name)' is a number or 'auto', not \(value.typePhrase)")
    }
    return .number(number)
  }

  /// `{"pairs": [(teacher, student)], "weight": number or "auto"}`.
  private func hidden(
    _ value: Value
  ) throws -> (weight: DistillationLoss.Weight, pairs: [DistillationLoss.LayerPair]) {
    guard case .dict(let dict) = value else {
      throw LanguageError(
        "'hidden' takes {\"pairs\": [(teacher, student)], \"weight\": \"auto\"}, not "
          + value.typePhrase)
    }
    try dict.requireKeys(["pairs", "weight"], of: "'hidden'")
    guard let pairs = dict["pairs"], pairs.isSequence else {
      throw LanguageError("'hidden' needs \"pairs\", a list of (teacher layer, student layer)")
    }
    let layers = try pairs.elements().map { pair in
      guard pair.isSequence, case let both = try pair.elements(), both.count == 2,
        let teacher = both[0].asInt, let student = both[1].asInt
      else {
        throw LanguageError(
          "a pair of 'hidden' is (teacher layer, student layer), two ints, not "
            + ((try? pair.text()) ?? pair.typePhrase))
      }
      return DistillationLoss.LayerPair(teacher: teacher, student: student)
    }
    return (try dict["weight"].map { try weight($0, of: "hidden") } ?? .number(1), layers)
  }
}

extension BoundArguments {
  /// The file of a teacher's logits and what it keeps; nil where none is wanted. A path alone is of
  /// whole logits in f32.
  /// - Throws: `LanguageError` naming the key that is none.
  func requestedCache() throws -> (path: String, content: TeacherCacheContent)? {
    switch value("cache") {
    case .none: return nil
    case .string(let path): return (path, .whole(.f32))
    case .dict(let dict):
      try dict.requireKeys(["path", "top", "type"], of: "cache")
      guard let path = dict["path"]?.asString else {
        throw LanguageError("cache needs a \"path\", a string")
      }
      let top = dict["top"].flatMap { $0.isNone ? nil : $0 }
      let type = dict["type"].flatMap { $0.isNone ? nil : $0 }
      if let top {
        guard let count = top.asInt, type == nil else {
          throw LanguageError(
            type == nil
              ? "\"top\" of cache is an int, not \(top.typePhrase)"
              : "cache takes \"top\" or the \"type\" of whole logits, not both")
        }
        return (path, .largest(count))
      }
      guard let type else { return (path, .whole(.f32)) }
      guard let stored = type.asString.flatMap(StoredType.init), [.f32, .bf16].contains(stored)
      else { throw LanguageError("\"type\" of cache is \"f32\" or \"bf16\"") }
      return (path, .whole(stored))
    default: throw mismatch("cache", "a path, or a dict such as {\"path\": ..., \"top\": 50}")
    }
  }
}

extension DictObject {
  /// Refuses keys of other names.
  fileprivate func requireKeys(_ names: [String], of what: String) throws {
    for (key, _) in entries where !names.contains(key.asString ?? "") {
      let name = key.asString ?? key.typePhrase
      let all = names.map { "'\($0)'" }.joined(separator: ", ")
      throw LanguageError("\(what) takes \(all), not '\(name)'\(didYouMean(name, names))")
    }
  }
}
