import Language
import TestTools
import Testing
import Workbench

/// How values show.
@Suite struct DisplayTests {
  @Test(arguments: [
    (0.0, "0.0000"), (1.0, "1.0000"), (0.001, "0.0010"), (1e-6, "1.000e-06"),
    (-3.21e-5, "-3.210e-05"), (123456.789, "123456.7890"), (1.5e15, "1.500e+15"),
    (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
  ])
  func numbersKeepTheirDigits(number: Double, text: String) {
    #expect(number.readable == text)
  }

  @Test(arguments: [(0, "0 calls"), (1, "1 call"), (2, "2 calls"), (1000, "1,000 calls")])
  func countsHaveTheirNouns(count: Int, text: String) {
    #expect(counted(count, "call") == text)
  }

  @Test func aLongListOfNamesShowsEachKindOnce() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run(
      "names = ['embedding'] + [f'layers.{i}.{x}' for i in range(12) for x in ['a', 'b', 'c', 'd']]"
    )
    #expect(
      try recorded.run("names") == """
        49 names in a list:
          embedding
          layers.{0..11}.a
          layers.{0..11}.b
          layers.{0..11}.c
          layers.{0..11}.d
        """)
    #expect(
      try recorded.run("[type(names).__name__, len(names), names[1]]")
        == "['list', 49, 'layers.0.a']")
    // What programs print is the list.
    _ = try recorded.run("print(names[:2], len(str(names)) > 600)")
    #expect(recorded.printed == "['embedding', 'layers.0.a'] True\n")
    #expect(try recorded.run("names[:9]")?.hasPrefix("['embedding', 'layers.0.a'") == true)
  }

  @Test func maskedViewsSayWhatIsOff() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run(
      """
      m = load("\(fixturePath("models/llama-tied"))")
      s = mask(m, heads=[(0, 1), (1, 0)], layers=[1])
      d = tokens([[1, 2, 3, 4]])
      """)
    #expect(try recorded.run("s")?.hasPrefix("llama-tied (2 heads, 1 layer off): llama, ") == true)
    #expect(try recorded.run("s.name") == "'llama-tied'")
    #expect(
      try recorded.run("compare(m, s, m, s, tokens=d)['name']")
        == "['llama-tied', 'llama-tied (2 heads, 1 layer off)', 'llama-tied #2', "
        + "'llama-tied (2 heads, 1 layer off) #2']")
    #expect(
      try recorded.error("compare([m, s], tokens=d)").message
        == "compare takes models one by one, not in a list: compare(a, b, tokens=data), or "
        + "compare(*models, tokens=data)")
  }

  @Test func columnsOfNothingAreNotShown() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run(
      """
      m = load("\(fixturePath("models/llama-tied"))")
      d = tokens([[1, 2, 3, 4], [5, 6, 7, 8]])
      s = prune(m, importance(m, d), ffn=0.5)
      """)
    _ = try recorded.run("t = distill(s, m, d, steps=1, batch=1, loss=['kl', 'mse'])")
    let heading = try #require(recorded.run("t")?.split(separator: "\n").first)
    #expect(heading.split(separator: " ") == ["loss", "steps", "distillation_loss"])
    // Programs find them all the same.
    #expect(try recorded.run("t['lm_loss']") == "[None, None]")
    let measured = "distill(s, m, d, steps=1, batch=1, loss=['kl'], held_out=d)"
    #expect(try recorded.run(measured)?.contains(" lm_loss ") == true)
  }

  @Test func refusedNamesSayWhatToDo() throws {
    let recorded = try RecordingSession()
    #expect(try recorded.error("exit").message == recorded.error("exit()").message)
    #expect(try recorded.error("set([1])").message.hasSuffix("use a list, or a dict"))
    #expect(try recorded.error("open('x')").message.contains("read_json(path)"))
    #expect(
      try recorded.error("precision('fp16')").message
        == "precision must be one of 'f32', 'bf16', not 'fp16'")
  }
}
