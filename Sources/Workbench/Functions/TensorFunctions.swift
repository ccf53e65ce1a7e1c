import Kernels
import Language
import Tensors

extension Session {
  /// Makers of tensors, and every method of a tensor as a function.
  var tensorFunctions: [BuiltinFunction] {
    // `abs`, `sum`, `min`, `max`, `any` and `all` are Python's own, which defer to a tensor's methods.
    makers
      + tensorMethods.filter { interpreter.builtins[$0.name] == nil }.map { method in
        BuiltinFunction(
          method.name,
          Signature([Signature.Parameter("x")] + Signature(method.signature).parameters),
          documentation: BuiltinFunction.Documentation(summary: method.summary)
        ) { [unowned self] arguments, _ in
          try method.body(try Tensor.nested(arguments.value("x"), on: device), arguments)
        }
      }
  }

  private var makers: [BuiltinFunction] {
    [
      function(
        "tensor", "values", "A tensor of numbers or nested lists; ints make i64, floats f32.",
        example: "tensor([[1.0, 2.0], [3.0, 4.0]])"
      ) { [unowned self] arguments in
        let tensor = try Tensor.nested(arguments.value("values"), on: device)
        return .tensor(try tensor.copy())
      },
      function("zeros", "*shape", "A tensor of zeros, f32.", example: "zeros(2, 3)") {
        [unowned self] arguments in
        .tensor(try Tensor.full(try Self.shape(arguments), 0, on: device))
      },
      function("ones", "*shape", "A tensor of ones, f32.", example: "ones([2, 3])") {
        [unowned self] arguments in
        .tensor(try Tensor.full(try Self.shape(arguments), 1, on: device))
      },
      function(
        "randn", "*shape, seed=None", "Standard normal numbers, f32.",
        text: "Without a seed the session's generator goes on; with one the numbers are always the "
          + "same.",
        example: "randn(2, 3, seed=1)"
      ) { [unowned self] arguments in
        let shape = try Self.shape(arguments)
        guard let seed = try arguments.optionalInt("seed") else {
          return .tensor(try Tensor.normal(shape, using: &generator, on: device))
        }
        var own = RandomGenerator(seed: seed)
        return .tensor(try Tensor.normal(shape, using: &own, on: device))
      },
      function(
        "arange", "start, stop=None, step=1", "The ints from start (or 0) to before stop, i64.",
        example: "arange(0, 10, 2)"
      ) { [unowned self] arguments in
        let first = try arguments.int("start")
        let stop = try arguments.optionalInt("stop")
        return .tensor(
          try Tensor.range(
            stop == nil ? 0 : first, stop ?? first, step: try arguments.int("step"), on: device))
      },
      function(
        "concat", "tensors, axis=0", "Tensors joined along an axis.",
        example: "concat([a, b], axis=1)"
      ) { [unowned self] arguments in
        let parts = try arguments.list("tensors").map { try Tensor.nested($0, on: device) }
        return .tensor(try Tensor.concatenated(parts, axis: try arguments.int("axis")))
      },
      function(
        "where", "condition, a, b", "Elements of a where the condition holds, else of b.",
        example: "where(x > 0, x, 0.0)"
      ) { [unowned self] arguments in
        func tensor(_ name: String) throws -> Tensor {
          try Tensor.nested(arguments.value(name), on: device)
        }
        return .tensor(try Tensor.select(tensor("condition"), tensor("a"), tensor("b")))
      },
    ]
  }

  /// A shape given as ints or as one list.
  private static func shape(_ arguments: BoundArguments) throws -> [Int] {
    try shapeArguments(arguments.variadic("shape"))
  }
}

/// A shape given as ints or as one list of them.
func shapeArguments(_ values: [Value]) throws -> [Int] {
  if values.count == 1, values[0].isSequence { return try shapeArguments(values[0].elements()) }
  return try values.map { value in
    guard let size = try value.integer() else {
      throw LanguageError("a shape is ints or a list of them, not \(value.typePhrase)")
    }
    return size
  }
}

/// The functions of one tensor: methods `x.name(...)` and functions `name(x, ...)`.
let tensorMethods: [TensorMethod] = {
  func reduction(
    _ name: String, _ summary: String, _ body: @escaping @Sendable (Tensor, Int?) throws -> Tensor
  ) -> TensorMethod {
    TensorMethod(name: name, signature: "axis=None", summary: summary) { tensor, arguments in
      .tensor(try body(tensor, try arguments.optionalInt("axis")))
    }
  }
  func plain(
    _ name: String, _ summary: String, _ body: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> TensorMethod {
    TensorMethod(name: name, signature: "", summary: summary) { tensor, _ in
      .tensor(try body(tensor))
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
    plain("abs", "Absolute values.") { try $0.absolute() },
    plain("exp", "eˣ of each element.") { try $0.exponential() },
    plain("log", "The natural logarithm of each element.") { try $0.logarithm() },
    plain("sqrt", "The square root of each element.") { try $0.squareRoot() },
    plain("tanh", "The hyperbolic tangent of each element.") { try $0.hyperbolicTangent() },
    plain("sigmoid", "1 / (1 + e⁻ˣ) of each element.") { try $0.sigmoid() },
    plain("softmax", "Softmax along the last axis.") { try $0.softmax() },
    TensorMethod(
      name: "reshape", signature: "*shape",
      summary: "The same elements in another shape; one size may be -1."
    ) { tensor, arguments in
      .tensor(try tensor.reshaped(shapeArguments(arguments.variadic("shape"))))
    },
    TensorMethod(
      name: "transpose", signature: "*axes",
      summary: "The axes in another order, reversed by default."
    ) { tensor, arguments in
      let axes = arguments.variadic("axes")
      return .tensor(try tensor.transposed(axes.isEmpty ? nil : shapeArguments(axes)))
    },
  ]
}()
