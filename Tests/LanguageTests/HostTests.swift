import Language
import Testing

/// A host's object with a bit of everything.
private final class Vector: HostObject {
  var numbers: [Double]
  var label = "v"

  init(_ numbers: [Double]) { self.numbers = numbers }

  struct Mismatch: Error, CustomStringConvertible {
    let description: String
  }

  var typeName: String { "vector" }
  var attributeNames: [String] { ["label", "sum", "first"] }
  var itemNames: [String] { ["alpha", "beta"] }

  func representation() -> String { "vector(\(numbers))" }

  func attribute(_ name: String) -> Value? {
    switch name {
    case "label": .string(label)
    case "first": .float(numbers[0])
    case "sum":
      .builtin(
        BuiltinFunction("sum", "scale=1.0") { [self] arguments, _ in
          .float(numbers.reduce(0, +) * (try arguments.double("scale")))
        })
    default: nil
    }
  }

  func setAttribute(_ name: String, to value: Value) throws {
    guard name == "label", let text = value.asString else {
      throw Mismatch(description: "only the label can be set")
    }
    label = text
  }

  func item(_ index: Value) throws -> Value {
    switch index {
    case .int(let position) where numbers.indices.contains(position): .float(numbers[position])
    case .slice(let slice): .string("slice \(try slice.resolved(length: numbers.count))")
    default: .string(try index.representation())
    }
  }

  func setItem(_ index: Value, to value: Value) throws {
    guard let position = index.asInt, let number = value.asDouble else {
      throw Mismatch(description: "vector items are numbers")
    }
    numbers[position] = number
  }

  func length() -> Int? { numbers.count }
  func iterate() -> ValueIterator? { ValueIterator(numbers.map { .float($0) }) }

  func binary(_ operation: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value? {
    if case .object(let object) = other, let vector = object as? Vector, operation == .add {
      guard vector.numbers.count == numbers.count else {
        throw Mismatch(
          description: "cannot add \(numbers.count) to \(vector.numbers.count) numbers")
      }
      return .object(Vector(zip(numbers, vector.numbers).map { $0 + $1 }))
    }
    guard let number = other.asDouble else { return nil }
    switch operation {
    case .subtract:
      return .object(Vector(numbers.map { reflected ? number - $0 : $0 - number }))
    case .less: return .list(numbers.map { .bool(reflected ? number < $0 : $0 < number) })
    default: return nil
    }
  }

  func unary(_ operation: UnaryOperator) -> Value? {
    operation == .negate ? .object(Vector(numbers.map { -$0 })) : nil
  }

  func number() -> Value? { numbers.count == 1 ? .float(numbers[0]) : nil }

  func call(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value? {
    .int(arguments.positional.count + arguments.keywords.count)
  }

  var callSignature: Signature? { "*values, **names" }
}

@Suite struct HostTests {
  private func session() -> Session {
    let session = Session()
    session.interpreter.globals["v"] = .object(Vector([1, 2, 3]))
    session.interpreter.globals["w"] = .object(Vector([0.5]))
    session.interpreter.register(
      BuiltinFunction(
        "train", "model, tokens, steps=, batch=8, *, lr=1e-4, every=None, loss='kl'",
        documentation: .init(summary: "Trains.")
      ) { arguments, _ in
        .tuple([
          .int(try arguments.int("steps")), .int(try arguments.int("batch")),
          .float(try arguments.double("lr")),
          try arguments.optionalInt("every").map { .int($0) } ?? .none,
          .string(try arguments.string("loss")), .bool(arguments.isGiven("batch")),
        ])
      })
    return session
  }

  @Test(arguments: [
    ("v", "vector([1.0, 2.0, 3.0])"), ("v.label", "'v'"), ("v[1]", "2.0"), ("len(v)", "3"),
    ("[x for x in v]", "[1.0, 2.0, 3.0]"), ("v + v", "vector([2.0, 4.0, 6.0])"),
    ("v - 1", "vector([0.0, 1.0, 2.0])"), ("1 - v", "vector([0.0, -1.0, -2.0])"),
    ("-v", "vector([-1.0, -2.0, -3.0])"), ("v < 2", "[True, False, False]"),
    ("2 < v", "[False, False, True]"), ("sum(v)", "6.0"), ("sum(v, scale=2)", "12.0"),
    ("v.sum(scale=0.5)", "3.0"), ("max(v)", "3.0"), ("sorted(v, reverse=True)", "[3.0, 2.0, 1.0]"),
    ("2 in v", "True"), ("v(1, 2, a=3)", "3"), ("v[0:2]", "'slice (start: 0, step: 1, count: 2)'"),
    ("v[1:, 'a', ...]", "\"(slice(1, None, None), 'a', Ellipsis)\""),
    ("float(w), int(w)", "(0.5, 0)"),
    ("f'{w:.2f}|{v}'", "'0.50|vector([1.0, 2.0, 3.0])'"), ("type(v)", "<class 'vector'>"),
    ("type(v) == type(w)", "True"), ("type(v).__name__", "'vector'"),
    ("v is v, v is w", "(True, False)"),
    ("v == v, v == 3, v != w", "(True, False, True)"), ("bool(v)", "True"), ("{v: 1}[v]", "1"),
    ("[v] == [v]", "True"), ("a, b, c = v\nb", "2.0"), ("v[2] = 9\nv", "vector([1.0, 2.0, 9.0])"),
    ("v[0] += 5\nv", "vector([6.0, 2.0, 3.0])"), ("v.label = 'z'\nv.label", "'z'"),
    ("[10, 20][w > 0] if False else 1", "1"), ("round(w)", "0"), ("isinstance(v, type(w))", "True"),
  ])
  func answersForItself(source: String, shown: String) throws {
    #expect(try session().run(source) == shown)
  }

  @Test(arguments: [
    ("v.lable", "a vector has no attribute 'lable'; did you mean 'label'?"),
    ("v.frist = 1", "only the label can be set"), ("v + w", "cannot add 3 to 1 numbers"),
    ("v * 2", "'*' is not there for a vector and an int"), ("~v", "'~' is not there for a vector"),
    ("v[0] = 'a'", "vector items are numbers"), ("del v[0]", "items of a vector cannot be deleted"),
    ("float(v)", "float() takes a number or a string, not a vector"),
    ("f'{v:.2f}'", "a vector takes no format; write {x} or {str(x):...}"),
    ("v > 1", "'>' cannot compare a vector with an int"),
  ])
  func itsErrorsAreShownAtTheExpression(source: String, message: String) {
    let text = session().failure("x = 1\n" + source)
    #expect(text.hasPrefix("error: " + message + "\n  cell 1, line 2:"))
    #expect(text.contains("^"))
  }

  @Test(arguments: [
    ("train(1, 2, 3)", "(3, 8, 0.0001, None, 'kl', False)"),
    ("train(1, 2, steps=3, batch=4, lr=1, every=2)", "(3, 4, 1.0, 2, 'kl', True)"),
    ("train(tokens=1, model=2, steps=3)", "(3, 8, 0.0001, None, 'kl', False)"),
    ("train(*[1, 2], **{'steps': 3})", "(3, 8, 0.0001, None, 'kl', False)"),
  ])
  func argumentsAreBound(source: String, shown: String) throws {
    #expect(try session().run(source) == shown)
  }

  @Test(arguments: [
    ("train(1, 2)", "train() needs 'steps'"),
    ("train()", "train() needs 'model', 'tokens' and 'steps'"),
    ("train(1, 2, 3, 4, 5)", "train() takes at most 4 positional arguments, got 5"),
    ("train(1, 2, stepz=3)", "train() got an unexpected keyword 'stepz'; did you mean 'steps'?"),
    ("train(1, 2, 3, steps=3)", "train() got 'steps' twice"),
    ("train(1, 2, 'a')", "steps must be an int, not a string"),
    ("train(1, 2, 3, lr='a')", "lr must be a number, not a string"),
    ("train(1, 2, 3, every=[1])", "every must be an int or None, not a list"),
    ("train(1, 2, 3, loss=None)", "loss must be a string, not None"),
    ("train(1, 2, 3, batch=1.5)", "batch must be an int, not a float"),
    ("len(x=1)", "len() takes no keyword, got 'x'"),
  ])
  func argumentErrorsNameTheParameter(source: String, message: String) {
    #expect(session().message(source) == message)
  }

  @Test func signaturesAreWrittenAsPythonWritesThem() throws {
    guard case .builtin(let function)? = session().interpreter.builtins["train"] else {
      Issue.record("train is missing")
      return
    }
    #expect(
      function.signature.text
        == "model, tokens, steps, batch=8, *, lr=0.0001, every=None, loss='kl'")
    #expect(
      Signature("a, b=-1, /, c=[1], *rest, d=(1, 2), **others").text
        == "a, b=-1, /, c=[1], *rest, d=(1, 2), **others")
  }

  @Test func hostsCallTheUsersFunctions() throws {
    let session = session()
    try session.run("def f(a, b=2): return a * b")
    let f = try #require(session.interpreter.globals["f"])
    #expect(try session.interpreter.call(f, Arguments([.int(3)])).asInt == 6)
    #expect(throws: LanguageError.self) { try session.interpreter.call(f) }
    #expect(f.callSignature?.text == "a, b=2")
  }
}
