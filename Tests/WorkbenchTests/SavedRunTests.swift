import Foundation
import TestTools
import Testing
import Workbench

/// Saved runs in the language.
@Suite struct SavedRunTests {
  private static let model = fixturePath("models/llama-tied")

  private func session() throws -> RecordingSession {
    let recorded = try RecordingSession()
    _ = try recorded.run(
      """
      m = load("\(Self.model)")
      d = tokens([[(i * 7 + j * j) % 96 for j in range(8)] for i in range(5)])
      """)
    return recorded
  }

  @Test func aRunIsSavedLoadedAndResumed() throws {
    let recorded = try session()
    try withTemporaryFolder { folder in
      recorded.session.folder = folder
      _ = try recorded.run(
        """
        run = finetune(m, d, steps=4, batch=2, every=2, held_out=d, save="runs/x", decay_norms=False,
                       schedule="linear", gradient_checkpointing=True)
        back = load("runs/x")
        """)
      #expect(try recorded.run("back") == recorded.run("run"))
      for name in ["loss", "lr", "gradient_norm", "held_out"] {
        let equal = try recorded.run("(run.\(name) == back.\(name)).all()")
        #expect(equal == (try recorded.run("zeros(1).sum() == 0")), "\(name)")
      }
      #expect(try recorded.run("run.config == back.config") == "True")
      #expect(try recorded.run("back.config['betas']") == "(0.9, 0.95)")
      #expect(
        try recorded.run("[back.config[k] for k in ['loss', 'schedule', 'decay_norms']]")
          == "['cross_entropy', 'linear', False]")
      #expect(try recorded.run("back.terms") == "{}")
      #expect(try recorded.run("back.model.name == m.name") == "True")
      #expect(try recorded.run("loss(back.model, d).mean == loss(m, d).mean") == "True")
      #expect(try recorded.run("run.model.name") == "'llama-tied'")
      _ = try recorded.run(
        """
        m = load("\(Self.model)")
        again = finetune(m, d, steps=4, batch=2, every=2, held_out=d, resume="runs/x",
                         decay_norms=False, schedule="linear")
        """)
      #expect(try recorded.run("len(again.loss)") == "4")
      #expect(try recorded.run("loss(back.model, d).mean == loss(m, d).mean") == "True")
    }
  }

  @Test(arguments: [
    (
      "finetune(m, d, steps=2, batch=1, schedule='cosin')",
      "schedule must be one of 'cosine', 'linear', 'constant', not 'cosin'; did you mean 'cosine'?"
    ),
    (
      "finetune(m, d, steps=2, batch=1, save='a', resume='b')",
      "a run goes on in its own folder: save=\""
    ),
    ("finetune(m, d, steps=2, batch=1, resume='missing')", "missing: there is no such run"),
    ("finetune(m, d, steps=2, batch=1, save='taken')", "holds 'notes.txt', which is no part of a"),
    ("finetune(m, d, steps=2, batch=1, save='old')", "old\" goes on with it, another folder takes"),
    (
      "finetune(m, d, steps=3, batch=1, resume='old')",
      "steps is 2 in "
    ),
    ("finetune(m, d, steps=2, batch=1, save='taken/notes.txt/x')", "cannot make the folder"),
    ("finetune(m, d, steps=2, batch=1, save=3)", "save must be a string"),
    ("load('taken')", "is no checkpoint folder: it has no config.json"),
  ])
  func saysWhatIsWrong(source: String, part: String) throws {
    let recorded = try session()
    try withTemporaryFolder { folder in
      recorded.session.folder = folder
      try FileManager.default.createDirectory(
        atPath: folder + "/taken", withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: folder + "/taken/notes.txt"))
      _ = try recorded.run("finetune(m, d, steps=2, batch=1, save='old');")
      let message = try recorded.error(source).message
      #expect(message.contains(part), "\(message)")
    }
  }

  /// A run that fails leaves its record in `_`, and its log as far.
  @Test func aFailedRunKeepsItsSteps() throws {
    let recorded = try session()
    try withTemporaryFolder { folder in
      recorded.session.folder = folder
      let error = try recorded.error(
        "finetune(m, d, steps=40, batch=1, lr=1e30, min_lr=0.0, clip=None, save='x')")
      #expect(error.message.contains("may keep it finite"), "\(error.message)")
      #expect(try recorded.run("n = len(_.loss)\n0 < n < 40") == "True")
      #expect(try recorded.run("len(load('x').loss) == n") == "True")
    }
  }
}
