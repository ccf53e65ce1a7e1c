import Language
import TestTools
import Testing
import Workbench

/// Help on functions, attributes and values, and what completion says of them.
@Suite struct HelpTests {
  private func session() throws -> RecordingSession {
    let recorded = try RecordingSession()
    _ = try recorded.run(
      """
      m = load("\(fixturePath("models/llama-tied"))")
      d = tokens([[1, 2, 3, 4], [5, 6, 7, 8]])
      i = importance(m, d)
      t, l, p, c = ones(2), loss(m, d), plan(m), compare(m, tokens=d)
      s, k = i.stability("heads"), prune(m, i, ffn=0.5).provenance
      r = finetune(prune(m, i, ffn=0.5), d, steps=1, batch=1)
      w, tok = m.weights, d
      def double(x, by=2):
          "Multiplies."
          return x * by
      """)
    return recorded
  }

  /// What a cell prints.
  private func printed(_ source: String, _ recorded: RecordingSession) throws -> String {
    let before = recorded.printed
    _ = try recorded.run(source)
    return String(recorded.printed.dropFirst(before.count))
  }

  @Test func everyAttributeSaysWhatItIs() throws {
    let recorded = try session()
    let interpreter = recorded.session.interpreter
    for name in ["m", "d", "i", "t", "l", "p", "c", "s", "k", "r", "w"] {
      let value = try #require(interpreter.globals[name])
      // A model without a tokenizer says so.
      for attribute in interpreter.attributeNames(of: value) where attribute != "tokenizer" {
        let summary = interpreter.attributeSummary(attribute, of: value)
        #expect(summary?.hasSuffix(".") == true, "\(value.typeName).\(attribute)")
        #expect(
          try interpreter.attribute(attribute, of: value).isNone == false || name == "k"
            || name == "m", "\(value.typeName).\(attribute)")
        // Every method's help says the same as the table, wherever it is asked for.
        guard case .builtin(let method) = try interpreter.attribute(attribute, of: value) else {
          continue
        }
        #expect(method.documentation.summary == summary, "\(value.typeName).\(attribute)")
      }
    }
  }

  @Test(arguments: [
    ("t.sum?", "sum(axis=None)\n\nThe sum of all elements, or along an axis.\n"),
    ("?t.sum", "sum(axis=None)\n\nThe sum of all elements, or along an axis.\n"),
    ("help(t.sum)", "sum(axis=None)\n\nThe sum of all elements, or along an axis.\n"),
    ("help('t.sum')", "sum(axis=None)\n\nThe sum of all elements, or along an axis.\n"),
    ("m.hidden?", "The width of the residual stream.\n\nm.hidden: 36\n"),
    ("double?", "double(x, by=2)\n\nA function of this session.\n\nMultiplies.\n"),
    ("x = 'a'\nx.upper?", "upper()\n\nThe string in capitals.\n"),
  ])
  func isPrinted(source: String, text: String) throws {
    #expect(try printed(source, session()) == text)
  }

  @Test func anObjectListsItsAttributes() throws {
    let text = try printed("l?", session())
    #expect(text.hasPrefix("l: loss "))
    #expect(text.contains("\n.mean    The mean over all scored positions, in nats a token.\n"))
  }

  /// A kind of value has help without a variable of its name.
  @Test func kindsOfValuesAreDescribed() throws {
    let text = try printed("help('figure')", session())
    #expect(text.contains("\n.xlabel  The label of the horizontal axis; may be set.\n"))
    #expect(try printed("help('figure.add')", session()).contains("smooth=False leaves"))
    #expect(try printed("figure = 3\nhelp('figure')", session()) == "figure: 3\n")
    // Kinds that have a function's name.
    #expect(try printed("help('importance.heads')", session()).hasPrefix("importance.heads\n"))
    #expect(try printed("help('plan')", session()).hasPrefix("plan("))
    #expect(try session().error("help('figure.ad')").message.contains("did you mean 'add'?"))
  }

  /// Every kind of value is among those that help and the reference describe.
  @Test func everyKindIsDescribed() throws {
    let recorded = try session()
    for name in ["m", "d", "i", "t", "l", "p", "c", "s", "k", "r", "w"] {
      let value = try #require(recorded.session.interpreter.globals[name])
      #expect(Session.describedTypes[value.typeName] != nil, "\(value.typeName)")
    }
  }

  @Test(arguments: [
    ("t.summ?", "a tensor has no attribute 'summ'; did you mean 'sum'?"),
    ("nothing?", "there is no 'nothing'"), ("help('prun')", "did you mean 'prune'?"),
    ("help('%tme')", "did you mean '%time'?"),
  ])
  func mistakesAreExplained(source: String, message: String) throws {
    #expect(try session().error(source).message.contains(message))
  }

  @Test func dirListsNames() throws {
    let recorded = try session()
    #expect(try recorded.run("dir(l)") == "['mean', 'stderr', 'tokens']")
    #expect(try recorded.run("'m' in dir() and 'sum' in dir(t)") == "True")
    #expect(try recorded.run("'upper' in dir('')") == "True")
  }

  @Test func completionSaysWhatAttributesAre() throws {
    let completion = try session().session.interpreter.completion(of: "m.hid", at: 5)
    #expect(completion.candidates.map(\.detail) == ["The width of the residual stream."])
  }
}
