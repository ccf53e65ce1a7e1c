import Language
import Tensors

/// The functions of one tensor: methods `x.name(...)` and functions `name(x, ...)`.
let tensorMethods: [TensorMethod] = reductions + elementwise + orders + arrangements

private let reductions: [TensorMethod] = {
  func reduction(
    _ name: String, _ summary: String, _ body: @escaping @Sendable (Tensor, Int?) throws -> Tensor
  ) -> TensorMethod {
    TensorMethod(
      name: name, signature: "axis=None", summary: summary, example: "x.\(name)(axis=0)"
    ) { tensor, arguments in
      .tensor(try body(tensor, try arguments.optionalInt("axis")))
    }
  }
  return [
    reduction("sum", "The sum of all elements, or along an axis.") { try $0.sum(axis: $1) },
    reduction("mean", "The mean of all elements, or along an axis.") { try $0.mean(axis: $1) },
    reduction("max", "The largest element, of all or along an axis.") { try $0.max(axis: $1) },
    reduction("min", "The smallest element, of all or along an axis.") { try $0.min(axis: $1) },
    reduction("var", "The variance over n, of all or along an axis.") { try $0.variance(axis: $1) },
    reduction("norm", "The Euclidean norm, of all or along an axis.") { try $0.norm(axis: $1) },
    reduction("argmax", "The index of the largest element.") { try $0.argmax(axis: $1) },
    reduction("argmin", "The index of the smallest element.") { try $0.argmin(axis: $1) },
    reduction("any", "Whether any element is true.") { try $0.any(axis: $1) },
    reduction("all", "Whether all elements are true.") { try $0.all(axis: $1) },
  ]
}()

private let elementwise: [TensorMethod] = {
  func plain(
    _ name: String, _ summary: String, _ body: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> TensorMethod {
    TensorMethod(name: name, signature: "", summary: summary, example: "x.\(name)()") { tensor, _ in
      .tensor(try body(tensor))
    }
  }
  return [
    plain("abs", "Absolute values.") { try $0.absolute() },
    plain("exp", "eˣ of each element.") { try $0.exponential() },
    plain("log", "The natural logarithm of each element.") { try $0.logarithm() },
    plain("sqrt", "The square root of each element.") { try $0.squareRoot() },
    plain("tanh", "The hyperbolic tangent of each element.") { try $0.hyperbolicTangent() },
    plain("sigmoid", "1 / (1 + e⁻ˣ) of each element.") { try $0.sigmoid() },
    plain("softmax", "Softmax along the last axis.") { try $0.softmax() },
    plain("log_softmax", "The logarithm of softmax along the last axis.") { try $0.logSoftmax() },
  ]
}()

private let orders: [TensorMethod] = [
  TensorMethod(
    name: "sort", signature: "axis=-1",
    summary: "The elements in rising order along an axis, NaN last.",
    example: "x.sort()"
  ) { .tensor(try $0.sorted(axis: try $1.int("axis"))) },
  TensorMethod(
    name: "argsort", signature: "axis=-1",
    summary:
      "The places of the elements in rising order along an axis, i64, equal ones as they stand.",
    example: "x.argsort()"
  ) { .tensor(try $0.sortedPlaces(axis: try $1.int("axis"))) },
  TensorMethod(
    name: "topk", signature: "k",
    summary: "(values, places): the k largest elements along the last axis, falling, NaN first, "
      + "and where they stand, i64.",
    example: "values, places = x.topk(5)"
  ) { tensor, arguments in
    let (values, places) = try tensor.largest(try arguments.int("k"))
    return .tuple([.tensor(values), .tensor(places)])
  },
  TensorMethod(
    name: "cumsum", signature: "axis=None",
    summary: "Running sums along an axis, in its shape, or of all elements as [count].",
    example: "x.cumsum(axis=0)"
  ) { .tensor(try $0.runningSum(axis: try $1.optionalInt("axis"))) },
]

private let arrangements: [TensorMethod] = [
  TensorMethod(
    name: "reshape", signature: "*shape",
    summary: "The same elements in another shape; one size may be -1.", example: "x.reshape(2, -1)"
  ) { tensor, arguments in
    .tensor(try tensor.reshaped(shapeArguments(arguments.variadic("shape"))))
  },
  TensorMethod(
    name: "transpose", signature: "*axes",
    summary: "The axes in another order, reversed by default.", example: "x.transpose(1, 0)"
  ) { tensor, arguments in
    let axes = arguments.variadic("axes")
    return .tensor(try tensor.transposed(axes.isEmpty ? nil : shapeArguments(axes)))
  },
]
