import Foundation
import Kernels
import Tensors

/// The operations of a transformer.
let transformerCases: [GradientCase] =
  [
    GradientCase("rmsNorm", [2, 3, 5], [5]) {
      try $0[0].rmsNorm(weight: $0[1], epsilon: 1e-3)
    },
    GradientCase("rmsNorm, masked channels left out", [4, 6], [6]) {
      try $0[0].rmsNorm(weight: $0[1], epsilon: 1e-3, divisor: 4)
    },
    GradientCase("layerNorm", [2, 3, 5], [5], [5]) {
      try $0[0].layerNorm(weight: $0[1], bias: $0[2], epsilon: 1e-3)
    },
    GradientCase("layerNorm, masked channels left out", [4, 6], [6], [6]) {
      try $0[0].layerNorm(weight: $0[1], bias: $0[2], epsilon: 1e-1, divisor: 5)
    },
    GradientCase("squared ReLU", [3, 7]) { try $0[0].activated(by: .squaredReLU) },
    GradientCase("tanh GELU", [3, 7]) { try $0[0].activated(by: .tanhGELU) },
    GradientCase("linear with a bias", [2, 3, 4], [5, 4], [5]) {
      try $0[0].linear($0[1], bias: $0[2])
    },
    GradientCase("linear, input first", [2, 3, 4], [4, 5], [5]) {
      try $0[0].linear($0[1], bias: $0[2], inputFirst: true)
    },
    GradientCase("rotary", [2, 3, 2, 4]) { try rotated($0[0], firstPosition: 0) },
    GradientCase("rotary, later positions", [1, 2, 2, 4]) { try rotated($0[0], firstPosition: 3) },
    GradientCase("rotary of a part of the head", [1, 3, 1, 6]) {
      try rotated($0[0], firstPosition: 1)
    },
    GradientCase("log_softmax", [3, 4]) { try $0[0].logSoftmax() },
    GradientCase("cross_entropy", [3, 4]) {
      let targets: [Int64] = [1, 3, 0]
      return try $0[0].crossEntropy(Tensor(targets, shape: [3], on: $0[0].device))
    },
    GradientCase("swiglu", [3, 4], [3, 4]) { try $0[0].swiglu(up: $0[1]) },
  ] + attentionCases + vocabularyCases + logitLossCases

private func rotated(_ x: Tensor, firstPosition: Int) throws -> Tensor {
  let angles = (0..<16).map { Float($0 / 2) * ($0 % 2 == 0 ? 1 : 0.1) }
  return try x.rotary(
    cosines: tensor(angles.map(cos), [8, 2], on: x.device),
    sines: tensor(angles.map(sin), [8, 2], on: x.device), firstPosition: firstPosition)
}

private let attentionCases = [
  GradientCase("attention", [2, 4, 2, 4], [2, 4, 2, 4], [2, 4, 2, 4]) {
    try Tensor.attention(q: $0[0], k: $0[1], v: $0[2])
  },
  GradientCase("attention, grouped queries", [1, 5, 4, 4], [1, 5, 2, 4], [1, 5, 2, 4]) {
    try Tensor.attention(q: $0[0], k: $0[1], v: $0[2])
  },
  GradientCase("attention, one group", [1, 4, 3, 2], [1, 4, 1, 2], [1, 4, 1, 2]) {
    try Tensor.attention(q: $0[0], k: $0[1], v: $0[2])
  },
  GradientCase("attention, window", [1, 6, 2, 4], [1, 6, 1, 4], [1, 6, 1, 4]) {
    try Tensor.attention(q: $0[0], k: $0[1], v: $0[2], window: 3)
  },
  GradientCase("attention, more keys than queries", [1, 2, 2, 4], [1, 5, 1, 4], [1, 5, 1, 4]) {
    try Tensor.attention(q: $0[0], k: $0[1], v: $0[2])
  },
]

/// A vocabulary below one chunk, exactly one, and one with a rest beyond two.
private let vocabularies = [
  7, VocabularyLoss.chunkSize, 2 * VocabularyLoss.chunkSize + 5,
]

private let vocabularyCases = vocabularies.flatMap { vocabulary in
  [
    GradientCase("cross-entropy over \(vocabulary) ids", [4, 3], [vocabulary, 3]) { inputs in
      // One row is left out; the last id stands in the last chunk.
      let ids = [0, -1, vocabulary - 1, vocabulary / 2].map { Int64($0) }
      let targets = try Tensor(ids, shape: [4], on: inputs[0].device)
      return try VocabularyLoss.sum(
        of: [(CrossEntropyTerm(targets: targets, counted: 3), 1)], teacher: .absent,
        student: .init(hidden: inputs[0], head: inputs[1])
      ).total
    },
    GradientCase("KL over \(vocabulary) ids", [4, 3], [vocabulary, 3]) { inputs in
      try divergence(inputs, vocabulary, temperature: 1)
    },
    GradientCase("KL at temperature 2 over \(vocabulary) ids", [4, 3], [vocabulary, 3]) { inputs in
      try divergence(inputs, vocabulary, temperature: 2)
    },
  ]
}

private func divergence(
  _ inputs: [Tensor], _ vocabulary: Int, temperature: Float
) throws -> Tensor {
  try VocabularyLoss.sum(
    of: [(DivergenceTerm(temperature: temperature), 1)],
    teacher: .predicted(teacher(vocabulary, on: inputs[0].device)),
    student: .init(hidden: inputs[0], head: inputs[1])
  ).total
}

/// A teacher that is wider than the student.
private func teacher(_ vocabulary: Int, on device: any Device) throws -> VocabularyLoss.Prediction {
  .init(
    hidden: try tensor(normals(4 * 5, seed: 3), [4, 5], on: device),
    head: try tensor(normals(vocabulary * 5, seed: 4), [vocabulary, 5], on: device))
}
