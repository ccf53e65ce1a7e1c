import Compression
import Corpus
import Evaluation
import Foundation
import Models
import TestFixtures
import Testing

/// The comparison table against arithmetic on logits.
@Suite struct ComparisonTests {
  @Test(arguments: ["llama-tied", "mistral"])
  func isWhatTheLogitsSay(_ name: String) throws {
    let golden = try Golden(name)
    let windows = try golden.windows("windows")
    let model = try golden.model()
    let scores = try importance(model, windows)
    let smaller = try prune(model, PruningRequest(ffn: .fraction(0.5)), by: scores)
    let masked = try mask(model, heads: [(0, 1)])
    let rows = try compare([model, smaller, masked], windows)
    let reference = try probabilities(model, windows)
    for (row, model) in zip(rows, [model, smaller, masked]) {
      let ours = try probabilities(model, windows)
      #expect(row.name == model.name && row.parameters == model.parameters)
      #expect(row.bytes == 4 * model.parameters)
      #expect(abs(row.loss - (try loss(model, windows).mean)) < 1e-9)
      #expect(row.perplexity == exp(row.loss))
      let kl = zip(reference, ours).map { p, q in
        zip(p, q).reduce(0) { $0 + $1.0 * ($1.0 / $1.1).logarithm }
      }
      #expect(abs(row.kl - kl.reduce(0, +) / Double(kl.count)) < 1e-5)
      let agreeing = zip(reference, ours).count { top($0) == top($1) }
      #expect(row.agreement == Double(agreeing) / Double(reference.count))
    }
    #expect(rows[0].kl == 0 && rows[0].agreement == 1)
    #expect(rows[1].kl > 0.01 && rows[1].agreement < 1)
  }

  @Test func oneVocabulary() throws {
    let model = try Golden("mistral").model()
    #expect(try compare([], Golden("mistral").windows("windows")).isEmpty)
    #expect(
      message { try compare([model], TokenWindows([1, 2, 3], length: 1)) }
        == "a loss needs windows of at least 2 tokens, not 1")
  }

  /// The probabilities of every position, in double precision.
  private func probabilities(_ model: Model, _ windows: TokenWindows) throws -> [[Double]] {
    let ids = try windows.batch(Array(0..<windows.count), for: model)
    let logits = try model.logits(ids.tensor).floats().map(Double.init)
    let vocab = model.architecture.vocab
    return stride(from: 0, to: logits.count, by: vocab).map { start in
      let row = logits[start..<start + vocab].map { exp($0) }
      let total = row.reduce(0, +)
      return row.map { $0 / total }
    }
  }

  private func top(_ row: [Double]) -> Int? { row.indices.max { row[$0] < row[$1] } }
}

extension Double {
  fileprivate var logarithm: Double { log(self) }
}
