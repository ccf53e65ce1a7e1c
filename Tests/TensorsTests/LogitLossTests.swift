import Foundation
import Kernels
import Tensors
import TestFixtures
import Testing

/// Losses on logits against definitions in double precision, and the ways to feed the teacher.
@Suite struct LogitLossTests {
  static let vocabularies = [7, VocabularyLoss.chunkSize + 5]

  /// Teacher's and student's logits in double precision, [rows][vocabulary].
  private struct Logits {
    let teacher: [[Double]]
    let student: [[Double]]

    init(_ teacher: VocabularyLoss.Prediction, _ student: VocabularyLoss.Prediction) throws {
      func product(_ prediction: VocabularyLoss.Prediction) throws -> [[Double]] {
        let (h, w) = (try prediction.hidden.floats(), try prediction.head.floats())
        let width = prediction.head.shape[1]
        return (0..<4).map { row in
          (0..<prediction.head.shape[0]).map { id in
            (0..<width).reduce(0.0) {
              $0 + Double(h[row * width + $1]) * Double(w[id * width + $1])
            }
          }
        }
      }
      self.teacher = try product(teacher)
      self.student = try product(student)
    }

    func mean(_ loss: ([Double], [Double]) -> Double) -> Double {
      zip(teacher, student).reduce(0) { $0 + loss($1.0, $1.1) } / Double(teacher.count)
    }
  }

  private static func logSoftmax(_ x: [Double]) -> [Double] {
    let maximum = x.max() ?? 0
    let total = maximum + log(x.reduce(0) { $0 + exp($1 - maximum) })
    return x.map { $0 - total }
  }

  private static func divergence(_ x: [Double], _ y: [Double], _ temperature: Double) -> Double {
    let (p, q) = (logSoftmax(x.map { $0 / temperature }), logSoftmax(y.map { $0 / temperature }))
    return zip(p, q).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
  }

  private static func top(_ x: [Double], _ count: Int) -> [Int] {
    Array(x.indices.sorted { x[$0] > x[$1] || (x[$0] == x[$1] && $0 < $1) }.prefix(count))
  }

  private func predictions(
    _ vocabulary: Int, on device: any Device
  ) throws -> (teacher: VocabularyLoss.Prediction, student: VocabularyLoss.Prediction) {
    let student = VocabularyLoss.Prediction(
      hidden: try tensor(normals(4 * 3, seed: 8), [4, 3], on: device),
      head: try tensor(normals(vocabulary * 3, seed: 9), [vocabulary, 3], on: device))
    return (try logitTeacher(vocabulary, on: device), student)
  }

  @Test(arguments: testDevices, vocabularies)
  func everyValueIsItsDefinition(_ test: TestDevice, _ vocabulary: Int) throws {
    let (teacher, student) = try predictions(vocabulary, on: test.device)
    let logits = try Logits(teacher, student)
    let found = try LogitLossKind.all.loss(
      teacher: .predicted(teacher), student: student, vocabulary)
    let targets = [0, nil, vocabulary - 1, vocabulary / 2]
    var crossEntropy = 0.0
    for (row, target) in targets.enumerated() {
      if let target { crossEntropy -= Self.logSoftmax(logits.student[row])[target] / 3 }
    }
    let wanted: [Double] = [
      logits.mean { Self.divergence($1, $0, 1.5) },
      logits.mean { zip($0, $1).reduce(0) { $0 + pow($1.0 - $1.1, 2) } / Double(vocabulary) },
      logits.mean { t, s in
        func dot(_ x: [Double], _ y: [Double]) -> Double {
          zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
        }
        return 1 - dot(t, s) / (dot(t, t) * dot(s, s)).squareRoot()
      },
      logits.mean { t, s in
        let ids = Self.top(t, 5)
        return Self.divergence(ids.map { t[$0] }, ids.map { s[$0] }, 1.5)
      },
      logits.mean { Self.divergence($0, $1, 1.5) }, crossEntropy,
    ]
    for (value, wanted) in zip(try found.values.floats(), wanted) {
      #expect(abs(Double(value) - wanted) < 5e-6 * max(1, wanted))
    }
    let weights = [2, 0.5, 3, 1.25, 0.75, 0.6]
    let total = zip(weights, wanted).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(try found.total.item() - total) < 1e-5 * total)
  }

  /// Logits that were kept whole give the bits that products give.
  @Test(arguments: testDevices, vocabularies)
  func storedLogitsAreLogits(_ test: TestDevice, _ vocabulary: Int) throws {
    let (teacher, student) = try predictions(vocabulary, on: test.device)
    let whole = try teacher.hidden.linear(teacher.head).floats()
    let stored = VocabularyLoss.TeacherLogits.stored { first, target in
      let columns = target.shape[1]
      let part = (0..<4).flatMap { row in
        whole[row * vocabulary + first..<row * vocabulary + first + columns]
      }
      try target.assign(tensor(Array(part), [4, columns], on: target.device))
    }
    let live = try LogitLossKind.all.loss(
      teacher: .predicted(teacher), student: student, vocabulary)
    let kept = try LogitLossKind.all.loss(teacher: stored, student: student, vocabulary)
    #expect(maximumDifference(try kept.values.floats(), try live.values.floats()) < 1e-6)
  }

  /// The gradients are the same bits whether all logits are kept for them, one chunk's or none.
  @Test(arguments: testDevices, LogitLossKind.allCases)
  func keptLogitsChangeNoGradient(_ test: TestDevice, _ kind: LogitLossKind) throws {
    let vocabulary = 2 * VocabularyLoss.chunkSize + 5
    for precision in test.precisions {
      let device = try test.fresh()
      try device.use(precision)
      let (teacher, student) = try predictions(vocabulary, on: device)
      for leaf in [student.hidden, student.head] { leaf.isTracked = true }
      func found(keeping bytes: Int) throws -> (gradients: [[Float]], products: Int) {
        let total = try VocabularyLoss.sum(
          of: kind.terms(vocabulary, on: device), teacher: .predicted(teacher), student: student,
          keptBytes: bytes
        ).total
        let before = device.traffic.products
        let made = try gradients(of: total, for: [student.hidden, student.head])
        return (try made.map { try $0.floats() }, device.traffic.products - before)
      }
      let chunk = 4 * VocabularyLoss.chunkSize * 4
      let all = [0, chunk, 3 * chunk].map { bytes in Result { try found(keeping: bytes) } }
      let (none, one, whole) = try (all[0].get(), all[1].get(), all[2].get())
      #expect(none.gradients == one.gradients && one.gradients == whole.gradients)
      // Two products a chunk for the gradients, and two for both models' logits where they are not
      // kept.
      #expect([none, one, whole].map(\.products) == [12, 10, 6])
    }
  }

  /// The largest alone: `topk_kl` is what it is with all logits, and the divergence counts the
  /// other ids as one.
  @Test(arguments: testDevices, vocabularies)
  func theLargestAreEnough(_ test: TestDevice, _ vocabulary: Int) throws {
    let device = try test.device
    let (teacher, student) = try predictions(vocabulary, on: device)
    let logits = try Logits(teacher, student)
    let found = try VocabularyLoss.largest(6, teacher)
    let logs = try found.values.minus(found.logSumExp)
    let left = try logs.exponential().sum(axis: 1, keepsAxis: true).negated()
      .plus(Tensor.full([1], 1, on: device))
    let largest = LargestPredictions(logProbabilities: logs, ids: found.ids, remaining: left)
    let live = try LogitLossKind.largest.loss(
      teacher: .predicted(teacher), student: student, vocabulary)
    let (total, values) = try VocabularyLoss.sum(
      of: [
        (try LargestDivergenceTerm(kept: 5, of: largest, temperature: 1.5), 1),
        (BucketDivergenceTerm(largest), 1),
      ], teacher: .absent, student: student)
    let value = try values.floats()
    #expect(abs(value[0] - (try live.values.floats())[0]) < 1e-6)
    let bucket = logits.mean { t, s in
      let (p, q) = (Self.logSoftmax(t), Self.logSoftmax(s))
      let ids = Self.top(t, 6)
      let (kept, ours) = (ids.reduce(0) { $0 + exp(p[$1]) }, ids.reduce(0) { $0 + exp(q[$1]) })
      return ids.reduce(0) { $0 + exp(p[$1]) * (p[$1] - q[$1]) }
        + (1 - kept) * (log(1 - kept) - log(1 - ours))
    }
    #expect(abs(Double(value[1]) - bucket) < 1e-5)
    #expect(abs(try total.item() - Double(value[0] + value[1])) < 1e-6)
  }

  /// Gradients from the largest alone, by differences.
  @Test(arguments: testDevices)
  func gradientsFromTheLargest(_ test: TestDevice) throws {
    let (device, vocabulary) = (try test.device, 40)
    let teacher = try logitTeacher(vocabulary, on: device)
    let found = try VocabularyLoss.largest(6, teacher)
    let logs = try found.values.minus(found.logSumExp)
    let left = try logs.exponential().sum(axis: 1, keepsAxis: true).negated()
      .plus(Tensor.full([1], 1, on: device))
    let largest = LargestPredictions(logProbabilities: logs, ids: found.ids, remaining: left)
    let head = try tensor(normals(vocabulary * 3, seed: 9), [vocabulary, 3], on: device)
    let start = normals(4 * 3, seed: 8)
    func loss(_ values: [Float], tracked: Bool) throws -> (loss: Tensor, hidden: Tensor) {
      let hidden = try tensor(values, [4, 3], on: device)
      hidden.isTracked = tracked
      let terms: [(term: any LogitTerm, weight: Float)] = [
        (BucketDivergenceTerm(largest), 0.75),
        (try LargestDivergenceTerm(kept: 4, of: largest, temperature: 1), 0.5),
      ]
      return (
        try VocabularyLoss.sum(
          of: terms, teacher: .absent, student: .init(hidden: hidden, head: head)
        ).total, hidden
      )
    }
    let (scalar, hidden) = try loss(start, tracked: true)
    let gradient = try gradients(of: scalar, for: [hidden])[0].floats()
    for element in start.indices {
      func value(_ offset: Float) throws -> Double {
        var moved = start
        moved[element] += offset
        return try loss(moved, tracked: false).loss.item()
      }
      let h: Float = 1.0 / 64
      let wanted =
        (8 * (try value(h) - value(-h)) - (try value(2 * h) - value(-2 * h))) / (12 * Double(h))
      #expect(abs(Double(gradient[element]) - wanted) < 5e-4)
    }
  }
}
