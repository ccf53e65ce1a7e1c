import TestTools
import Testing
import Workbench

/// What a user should not type: each ends in one sentence that says what is wrong, and the session
/// goes on.
@Suite struct RefusalTests {
  private static let model = fixturePath("models/llama-tied")

  private func session() throws -> RecordingSession {
    let recorded = try RecordingSession()
    _ = try recorded.run(
      """
      m = load("\(Self.model)")
      d = tokens([[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]])
      s = importance(m, d)
      small = prune(m, s, heads=2, layers=2)
      """)
    return recorded
  }

  @Test(arguments: [
    ("prune(m, importance(small, d), drop=[0], residual=True)", "score this model"),
    ("prune(m, s, heads=5)", "heads=5 is no multiple of the 2 key-value heads"),
    ("prune(m, s, ffn=0)", "ffn=0 is not possible: the model has 40"),
    ("prune(m, s, ffn=41)", "ffn=41 is not possible: the model has 40"),
    ("prune(m, s, hidden=2.5)", "hidden=2.5 is no fraction in (0, 1]"),
    ("prune(m)", "prune needs a size"),
    ("prune(m, s, hiden=8)", "did you mean 'hidden'?"),
    ("mask(m, channels=3)", "channels must be a list of ints, not an int"),
    ("mask(m, heads=[(0, 6)])", "head 6 is outside the model's 6 heads"),
    ("unmask(m)", "llama-tied is not masked"),
    ("save(mask(m, layers=[0]), 'x')", "save does not take a masked model"),
    ("finetune(mask(m, layers=[0]), d, steps=1)", "training does not take a masked model"),
    ("distill(m, m, d, steps=1, batch=1)", "student and teacher share their weights"),
    ("finetune(m, d, steps=1, batch=3)", "batch=3 is larger than the 2 windows"),
    ("finetune(m, d, steps=1, batch=1, betas=(0.9999999999, 0.95))", "betas must be in [0, 1)"),
    ("save(m, 'x.gguf')", "a model is saved as a folder, not as .gguf"),
    ("save(m, 'x', width=3)", "width= is for figures, not for a model"),
    ("tokens(d, length=9)", "length=9 cannot cut them anew"),
    ("tokens(d, skip=2)", "there are 2 windows of 8 tokens; skip 2 leaves 0"),
    ("tokens('', m)", "this model takes ids alone"),
    ("tokens('no/such.txt', m)", "there is no such file"),
    ("loss(m, [[1, 2, 3]])", "takes windows of ids, as tokens(source, model) makes them"),
    ("logits(m, [])", "there are no ids"),
    ("logits(m, [96])", "id 96 is outside the vocabulary of 96 ids"),
    ("zeros([0, 2**40, 2**40])", "it has too many elements"),
    ("zeros(0).reshape(0, 2**40, 2**40)", "it has too many elements"),
    ("zeros(4).reshape(-1, -1)", "only one size may be -1"),
    ("zeros(2.5)", "a shape is ints or a list of them, not a float"),
    ("zeros(2**20, 2**20)", "of memory, but cpu has"),
    ("ones(2, 3) @ ones(4, 5)", "cannot multiply shapes [2, 3] and [4, 5]: 3 columns meet 4 rows"),
  ])
  func saysWhatIsWrong(source: String, part: String) throws {
    let recorded = try session()
    let message = try recorded.error(source).message
    #expect(message.contains(part), "\(message)")
    #expect(try recorded.run("1 + 1") == "2")
  }

  @Test func oneMaskIsUndoneAsOne() throws {
    let recorded = try session()
    _ = try recorded.run("one = mask(m, s, ffn=0.5, channels=[1])")
    let bare = try recorded.run("loss(m, d).mean")
    #expect(try recorded.run("loss(unmask(one), d).mean") == bare)
    #expect(try recorded.run("loss(one, d).mean") != bare)
  }

  @Test func anUnreadableLossNamesTheWeight() throws {
    let recorded = try session()
    let name = "model.layers.2.mlp.up_proj.weight"
    _ = try recorded.run("m.weights['\(name)'][3, 4] = float('nan')")
    for source in ["loss(m, d)", "importance(m, d)", "generate(m, [1, 2])"] {
      #expect(try recorded.error(source).message.contains("'\(name)'"), "\(source)")
    }
  }

  @Test func savingWarnsOfWhatTransformersRefuses() throws {
    let recorded = try session()
    try withTemporaryFolder { folder in
      _ = try recorded.run("save(prune(m, s, hidden=35), '\(folder)/odd')")
      #expect(recorded.notices.contains { $0.contains("hidden size (35) is no multiple") })
    }
  }

  @Test func aSmallRateLowersTheFloorBelowIt() throws {
    let recorded = try session()
    #expect(try recorded.run("len(finetune(m, d, steps=1, batch=1, lr=1e-6).loss)") == "1")
  }
}
