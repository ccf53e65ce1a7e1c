import Corpus
import Evaluation
import Foundation
import Kernels
import Models
import Tensors

/// Makes a cache's rows as the file asks for them, in order: a batch of windows goes through the
/// teacher at a time, a few of its rows are on the host.
final class TeacherRows {
  /// The probabilities that the largest leave out, of all positions so far.
  private(set) var remaining: [Float] = []
  private let teacher: Model
  private let tokens: TokenWindows
  private let content: TeacherCacheContent
  private let width: Int
  private let progress: Evaluation.Progress?
  /// The hidden states of a batch, [positions, hidden], and the first one's position.
  private var hidden: (states: Tensor, first: Int)?
  /// Rows on the host and the first one's position.
  private var block: (values: [Float], first: Int) = ([], 0)

  /// Elements of a block: whole logits are many.
  private static let blockSize = 1 << 22

  init(
    _ teacher: Model, _ tokens: TokenWindows, _ content: TeacherCacheContent, width: Int,
    _ progress: Evaluation.Progress?
  ) {
    self.teacher = teacher
    self.tokens = tokens
    self.content = content
    self.width = width
    self.progress = progress
  }

  /// Fills a buffer with the elements of a range that begins where the last one ended.
  func fill(_ range: Range<Int>, _ output: UnsafeMutableBufferPointer<Float>) throws {
    var place = range.lowerBound
    while place < range.upperBound {
      if place >= block.first * width + block.values.count { try makeBlock(place / width) }
      let start = place - block.first * width
      let count = min(range.upperBound - place, block.values.count - start)
      _ = UnsafeMutableBufferPointer(rebasing: output[(place - range.lowerBound)...])
        .update(fromContentsOf: block.values[start..<start + count])
      place += count
    }
  }

  /// Makes the rows from `position` to the end of their batch, or fewer.
  private func makeBlock(_ position: Int) throws {
    try Interrupt.check()
    let hidden = try hidden(at: position)
    let first = position - hidden.first
    let wide = teacher.architecture.hidden
    let rows = min(max(1, Self.blockSize / width), hidden.states.shape[0] - first)
    let states = Tensor(hidden.states.region.advanced(by: first * wide), shape: [rows, wide])
    switch content {
    case .whole:
      let logits = try states.linear(teacher.head.detached())
      guard try teacher.device.isFinite(logits.region, count: logits.count) else {
        throw try teacher.nonFinite("a logit", .nan, " from position \(position)")
      }
      block = (try logits.floats(), position)
    case .largest(let count): block = (try largest(count, of: states, at: position), position)
    }
    let done = (position + rows) / tokens.length
    try progress?(done, tokens.count)
  }

  private func hidden(at position: Int) throws -> (states: Tensor, first: Int) {
    if let hidden, position < hidden.first + hidden.states.shape[0] { return hidden }
    let window = position / tokens.length
    let last = min(window + evaluationBatch(length: tokens.length), tokens.count)
    let ids = try tokens.batch(Array(window..<last), for: teacher)
    let states = try teacher.hidden(ids)
      .reshaped([(last - window) * tokens.length, teacher.architecture.hidden])
    hidden = (states, window * tokens.length)
    return (states, window * tokens.length)
  }

  private func largest(_ count: Int, of states: Tensor, at position: Int) throws -> [Float] {
    let head = try teacher.head.detached()
    let found = try VocabularyLoss.largest(count, .init(hidden: states, head: head))
    let (values, ids) = (try found.values.floats(), try found.ids.integers())
    let totals = try found.logSumExp.floats()
    var rows: [Float] = []
    rows.reserveCapacity(2 * values.count)
    for (row, total) in totals.enumerated() {
      guard total.isFinite, ids[(row + 1) * count - 1] >= 0 else {
        throw try teacher.nonFinite("a logit", .nan, " at position \(position + row)")
      }
      let logs = values[row * count..<(row + 1) * count].map { $0 - total }
      rows += logs
      rows += ids[row * count..<(row + 1) * count].map { Float($0) }
      let kept = logs.reduce(0.0) { $0 + exp(Double($1)) }
      remaining.append(Float(max(0, 1 - kept)))
    }
    return rows
  }
}
