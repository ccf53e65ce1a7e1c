import Kernels
import Language
import Tensors

extension Session {
  /// Makers of tensors, and every method of a tensor as a function.
  var tensorFunctions: [BuiltinFunction] {
    // These are Python's own, which defer to a tensor's methods.
    let python: Set = ["abs", "sum", "min", "max", "any", "all"]
    return makers
      + tensorMethods.filter { !python.contains($0.name) }.map { method in
        BuiltinFunction(
          method.name,
          Signature([Signature.Parameter("x")] + Signature(method.signature).parameters),
          documentation: BuiltinFunction.Documentation(
            summary: method.summary, example: method.example)
        ) { [unowned self] arguments, _ in
          try method.body(try Tensor.nested(arguments.value("x"), on: device), arguments)
        }
      }
  }

  private var makers: [BuiltinFunction] { filled + random + joined }

  private var filled: [BuiltinFunction] {
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
        "full", "shape, value",
        "A tensor of one value, its shape an int or a list; an int makes i64, a float f32.",
        example: "full([2, 3], 0.5)"
      ) { [unowned self] arguments in
        let shape = try shapeArguments([arguments.value("shape")])
        let value = try Tensor.nested(arguments.value("value"), on: device)
        guard value.count == 1 else {
          throw LanguageError("full takes one value, not shape \(value.shape)")
        }
        let zero = try Tensor.full(shape, 0, on: device).converted(to: value.type)
        try zero.assign(value)
        return .tensor(zero)
      },
      function(
        "linspace", "start, stop, count=50",
        "Numbers at equal distances, both ends among them, f32 [count].",
        example: "linspace(0, 1, 5)"
      ) { [unowned self] arguments in
        let (first, last) = try (arguments.double("start"), arguments.double("stop"))
        let count = try arguments.int("count")
        guard count >= 0 else { throw LanguageError("linspace takes a count of at least 0") }
        return .tensor(try Tensor.line(from: first, to: last, count: count, on: device))
      },
      function("eye", "n", "The identity matrix, f32 [n, n].", example: "eye(3)") {
        [unowned self] arguments in
        .tensor(try Tensor.identity(try arguments.int("n"), on: device))
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
    ]
  }

  private var random: [BuiltinFunction] {
    [
      drawn("rand", "Numbers of equal chance in [0, 1), f32.", example: "rand(2, 3, seed=1)") {
        try Tensor.uniform($0, using: &$1, on: $2)
      },
      drawn("randn", "Standard normal numbers, f32.", example: "randn(2, 3, seed=1)") {
        try Tensor.normal($0, using: &$1, on: $2)
      },
    ]
  }

  /// A maker of random tensors.
  private func drawn(
    _ name: String, _ summary: String, example: String,
    _ make: @escaping ([Int], inout RandomGenerator, any Device) throws -> Tensor
  ) -> BuiltinFunction {
    function(
      name, "*shape, seed=None", summary,
      text: "Without a seed the session's generator goes on; with one the numbers are always the "
        + "same.",
      example: example
    ) { [unowned self] arguments in
      let shape = try Self.shape(arguments)
      guard let seed = try arguments.optionalInt("seed") else {
        return .tensor(try make(shape, &generator, device))
      }
      var own = RandomGenerator(seed: seed)
      return .tensor(try make(shape, &own, device))
    }
  }

  private var joined: [BuiltinFunction] {
    [
      function(
        "concat", "tensors, axis=0",
        "Tensors joined along an axis, all others being of the same size.",
        example: "concat([a, b], axis=1)"
      ) { [unowned self] arguments in
        let parts = try arguments.list("tensors").map { try Tensor.nested($0, on: device) }
        return .tensor(try Tensor.concatenated(parts, axis: try arguments.int("axis")))
      },
      function(
        "stack", "tensors, axis=0",
        "Tensors of one shape side by side along a new axis, which is as long as they are many.",
        example: "stack([a, b])"
      ) { [unowned self] arguments in
        let parts = try arguments.list("tensors").map { try Tensor.nested($0, on: device) }
        return .tensor(try Tensor.stacked(parts, axis: try arguments.int("axis")))
      },
      function(
        "cross_entropy", "logits, targets",
        "The mean cross-entropy of logits [rows, classes] and the rows' classes [rows], in nats.",
        text: "The classes are ints from 0 on; rows of class -100 are left out, as PyTorch does.",
        example: "cross_entropy(logits(model, [[1, 2, 3]])[0, :2], [2, 3])"
      ) { [unowned self] arguments in
        let logits = try Tensor.nested(arguments.value("logits"), on: device)
        let targets = try Tensor.nested(arguments.value("targets"), on: logits.device)
        return .tensor(try logits.crossEntropy(targets))
      },
      function(
        "where", "condition, a, b",
        "Elements of a where the condition holds, else of b; all three broadcast.",
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
