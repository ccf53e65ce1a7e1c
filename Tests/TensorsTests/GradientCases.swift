import Kernels
import Tensors

/// Every differentiable operation, some in several shapes.
let gradientCases: [GradientCase] =
  elementwiseCases + broadcastCases + reductionCases + movementCases + productCases

private let elementwiseCases = [
  GradientCase("negation", [3, 4]) { try $0[0].negated() },
  GradientCase("abs", [3, 4]) { try $0[0].absolute() },
  GradientCase("exp", [3, 4]) { try $0[0].exponential() },
  GradientCase("log", [3, 4], range: 0.5...3) { try $0[0].logarithm() },
  GradientCase("sqrt", [3, 4], range: 0.5...3) { try $0[0].squareRoot() },
  GradientCase("tanh", [3, 4]) { try $0[0].hyperbolicTangent() },
  GradientCase("sigmoid", [3, 4]) { try $0[0].sigmoid() },
  GradientCase("scale", [5]) { try $0[0].scaled(by: -1.5) },
  GradientCase("addition", [3, 4], [3, 4]) { try $0[0].plus($0[1]) },
  GradientCase("subtraction", [3, 4], [3, 4]) { try $0[0].minus($0[1]) },
  GradientCase("multiplication", [3, 4], [3, 4]) { try $0[0].times($0[1]) },
  GradientCase("division", [3, 4], [3, 4], range: 0.5...3) { try $0[0].divided(by: $0[1]) },
  GradientCase("power", [3, 4], [3, 4], range: 0.5...2) { try $0[0].binary(.power, $0[1]) },
  GradientCase("minimum", [3, 4], [3, 4]) { try $0[0].binary(.minimum, $0[1]) },
  GradientCase("maximum", [3, 4], [3, 4]) { try $0[0].binary(.maximum, $0[1]) },
  GradientCase("a tensor added to itself", [5]) { try $0[0].plus($0[0]) },
  GradientCase("a tensor times itself", [5]) { try $0[0].times($0[0]) },
  GradientCase("running sums", [3, 4]) { try $0[0].runningSum(axis: 0) },
  GradientCase("running sums of all", [2, 3]) { try $0[0].runningSum() },
  GradientCase("sort", [3, 4]) { try $0[0].sorted(axis: 0) },
  GradientCase("the largest", [3, 5]) { try $0[0].largest(2).values },
  GradientCase("cross-entropy, a row left out", [3, 4]) { inputs in
    try inputs[0].crossEntropy(
      Tensor([Int64(1), Int64(Tensor.ignoredClass), 3], shape: [3], on: inputs[0].device))
  },
  GradientCase("a tensor used by three operations", [5]) {
    try $0[0].exponential().plus($0[0].times($0[0])).minus($0[0])
  },
]

private let broadcastCases = [
  GradientCase("addition, a row to a matrix", [3, 4], [4]) { try $0[0].plus($0[1]) },
  GradientCase("addition, a matrix to a row", [4], [3, 4]) { try $0[0].plus($0[1]) },
  GradientCase("multiplication, column by row", [3, 1], [1, 4]) { try $0[0].times($0[1]) },
  GradientCase("division by a scalar", [2, 3], [], range: 0.5...3) { try $0[0].divided(by: $0[1]) },
  GradientCase("subtraction, missing axes", [2, 3, 4], [3, 1]) { try $0[0].minus($0[1]) },
  GradientCase("power of a scalar", [], [2, 3], range: 0.5...2) { try $0[0].binary(.power, $0[1]) },
  GradientCase("maximum with a row", [3, 4], [4]) { try $0[0].binary(.maximum, $0[1]) },
  GradientCase("broadcast", [3, 1]) { try $0[0].broadcast(to: [2, 3, 4]) },
  GradientCase("where", [3, 4], [4]) { inputs in
    let condition = try Tensor(
      (0..<12).map { $0 % 3 == 0 }, shape: [3, 4], on: inputs[0].device)
    return try Tensor.select(condition, inputs[0], inputs[1])
  },
]

private let reductionCases = [
  GradientCase("sum", [3, 4]) { try $0[0].sum() },
  GradientCase("sum of an axis", [2, 3, 4]) { try $0[0].sum(axis: 1) },
  GradientCase("sum of an axis kept", [2, 3, 4]) { try $0[0].sum(axis: -1, keepsAxis: true) },
  GradientCase("mean", [3, 4]) { try $0[0].mean() },
  GradientCase("mean of an axis", [3, 4]) { try $0[0].mean(axis: 0) },
  GradientCase("variance", [3, 4]) { try $0[0].variance() },
  GradientCase("variance of an axis", [3, 4]) { try $0[0].variance(axis: 1) },
  GradientCase("norm", [3, 4]) { try $0[0].norm() },
  GradientCase("norm of an axis", [3, 4]) { try $0[0].norm(axis: 0) },
  GradientCase("max", [3, 4]) { try $0[0].max() },
  GradientCase("max of an axis", [2, 3, 2]) { try $0[0].max(axis: 1) },
  GradientCase("min", [3, 4]) { try $0[0].min() },
  GradientCase("min of an axis", [3, 4]) { try $0[0].min(axis: -1) },
  GradientCase("softmax", [3, 5]) { try $0[0].softmax() },
]

private let movementCases = [
  GradientCase("a list of indices, one twice", [4, 3]) {
    try $0[0].indexed([.take(IndexList([3, 0, 3], shape: [3]))])
  },
  GradientCase("lists of indices behind a slice", [2, 3, 4]) {
    try $0[0].indexed([
      .slice(start: nil, end: nil, step: -1), .take(IndexList([0, 2], shape: [2, 1])),
      .take(IndexList([1, 3, 3], shape: [3])),
    ])
  },
  GradientCase("reshape", [3, 4]) { try $0[0].reshaped([2, -1]) },
  GradientCase("transpose", [3, 4]) { try $0[0].transposed() },
  GradientCase("transpose of three axes", [2, 3, 4]) { try $0[0].transposed([1, 2, 0]) },
  GradientCase("index", [3, 4]) { try $0[0].indexed([.at(-1)]) },
  GradientCase("slice", [5, 4]) {
    try $0[0].indexed([.slice(start: 1, end: nil, step: 2), .slice(start: nil, end: -1, step: nil)])
  },
  GradientCase("slice backwards", [5]) {
    try $0[0].indexed([.slice(start: nil, end: nil, step: -2)])
  },
  GradientCase("slice with a new axis", [2, 3, 4]) {
    try $0[0].indexed([.ellipsis, .newAxis, .slice(start: 1, end: 3, step: nil)])
  },
  GradientCase("rows, one of them twice", [5, 3]) { inputs in
    try inputs[0].rows(Tensor([4, 0, 4, 2] as [Int64], shape: [2, 2], on: inputs[0].device))
  },
  GradientCase("concat", [2, 3], [1, 3]) { try Tensor.concatenated([$0[0], $0[1]]) },
  GradientCase("concat of one tensor twice, by columns", [2, 3], [2, 1]) {
    try Tensor.concatenated([$0[0], $0[1], $0[0]], axis: -1)
  },
]

private let productCases = [
  GradientCase("matmul", [3, 4], [4, 2]) { try $0[0].matmul($0[1]) },
  GradientCase("matmul, vector by matrix", [4], [4, 3]) { try $0[0].matmul($0[1]) },
  GradientCase("matmul, matrix by vector", [3, 4], [4]) { try $0[0].matmul($0[1]) },
  GradientCase("matmul, vector by vector", [4], [4]) { try $0[0].matmul($0[1]) },
  GradientCase("matmul, batched", [2, 3, 4], [2, 4, 2]) { try $0[0].matmul($0[1]) },
  GradientCase("matmul, one matrix for a batch", [2, 3, 4], [4, 2]) { try $0[0].matmul($0[1]) },
  GradientCase("matmul, broadcast", [2, 1, 2, 3], [3, 3, 2]) { try $0[0].matmul($0[1]) },
  GradientCase("matmul, a matrix by a batch", [2, 3], [2, 3, 2]) { try $0[0].matmul($0[1]) },
  GradientCase("matmul of a tensor by itself", [3, 3]) { try $0[0].matmul($0[0]) },
  GradientCase("linear", [2, 3, 4], [5, 4]) { try $0[0].linear($0[1]) },
  GradientCase("linear added to a stream", [2, 3, 4], [5, 4], [2, 3, 5]) {
    try $0[0].linear($0[1], adding: $0[2])
  },
  GradientCase("gated linear", [2, 3, 4], [5, 4], [5, 4]) {
    try $0[0].gatedLinear(gate: $0[1], up: $0[2]).neurons
  },
]
