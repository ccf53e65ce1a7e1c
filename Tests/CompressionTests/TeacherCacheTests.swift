import Checkpoints
import Compression
import Corpus
import Files
import Foundation
import Kernels
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// A teacher's logits in a file: the same numbers as from the teacher, for nobody else.
@Suite struct TeacherCacheTests {
  private static func run(
    _ loss: DistillationLoss, _ cache: TeacherCache? = nil, on device: any Device
  ) throws -> Run {
    let golden = try Golden("llama-tied")
    let teacher = try golden.model(on: device)
    var settings = TrainingSettings(steps: 4)
    settings.batch = 2
    settings.shuffle = true
    settings.learningRate = 1e-3
    let trainer = try Trainer(
      prune(teacher, PruningRequest(drop: [1])),
      .distillation(teacher: teacher, loss: loss, cache: cache), golden.windows("windows"),
      settings: settings)
    try trainer.train()
    return trainer.run
  }

  private static let everyLogitLoss = DistillationLoss(
    [.kl, .reverseKL, .mse, .cosine, .topKL, .crossEntropy].map { .init($0) }, temperature: 1.5,
    k: 5)

  @Test(arguments: testDevices)
  func wholeLogitsGiveTheSameNumbers(_ test: TestDevice) throws {
    let folder = try temporaryFolder()
    let golden = try Golden("llama-tied")
    let teacher = try golden.model(on: test.device)
    let windows = try golden.windows("windows")
    let live = try Self.run(Self.everyLogitLoss, on: test.device)
    for (type, tolerance) in [(StoredType.f32, 1e-6), (.bf16, 5e-2)] {
      var made: [Int] = []
      let cache = try TeacherCache.open(
        folder + "/\(type).cache", .whole(type), teacher: teacher, tokens: windows
      ) { done, _ in made.append(done) }
      #expect(made.last == windows.count)
      #expect(cache.remaining == nil)
      let run = try Self.run(Self.everyLogitLoss, cache, on: test.device)
      for (a, b) in zip(run.loss, live.loss) { #expect(abs(a - b) < tolerance * b) }
      if type == .bf16 { #expect(run.loss[0] != live.loss[0]) }
      // A second opening reads what is there.
      let before = try MappedFile(path: cache.path).withBytes(Array.init)
      _ = try TeacherCache.open(
        cache.path, .whole(type), teacher: teacher, tokens: windows
      ) { _, _ in Issue.record("the cache is made again") }
      #expect(try MappedFile(path: cache.path).withBytes(Array.init) == before)
    }
  }

  @Test(arguments: testDevices)
  func theLargestGiveTopKAndABoundOfKL(_ test: TestDevice) throws {
    let folder = try temporaryFolder()
    let golden = try Golden("llama-tied")
    let teacher = try golden.model(on: test.device)
    let windows = try golden.windows("windows")
    func open(_ count: Int) throws -> TeacherCache {
      try TeacherCache.open(
        folder + "/\(count).cache", .largest(count), teacher: teacher, tokens: windows)
    }
    let top = DistillationLoss(.topKL, temperature: 1.5, k: 5)
    let live = try Self.run(top, on: test.device)
    for count in [5, 20] {
      let run = try Self.run(top, try open(count), on: test.device)
      for (a, b) in zip(run.loss, live.loss) { #expect(abs(a - b) < 1e-5) }
    }
    let whole = try Self.run(.init(.kl), on: test.device)
    let remaining = try [5, 20, 96].map { try #require(try open($0).remaining) }
    #expect(remaining[0].mean > remaining[1].mean && remaining[0].largest > remaining[0].mean)
    #expect(remaining[2].mean < 1e-6)
    let losses = try [5, 20, 96].map {
      try Self.run(.init(.kl), try open($0), on: test.device).loss
    }
    #expect(losses[0][0] < losses[1][0] && losses[1][0] < whole.loss[0])
    // All ids kept are the whole divergence.
    for (a, b) in zip(losses[2], whole.loss) { #expect(abs(a - b) < 1e-4) }
  }

  @Test func aCacheOfAnythingElseIsRefused() throws {
    let folder = try temporaryFolder()
    let golden = try Golden("llama-tied")
    let teacher = try golden.model()
    let windows = try golden.windows("windows")
    let path = folder + "/t.cache"
    let cache = try TeacherCache.open(path, .largest(5), teacher: teacher, tokens: windows)
    func error(
      _ content: TeacherCacheContent = .largest(5), _ other: Model? = nil,
      _ tokens: TokenWindows? = nil, path: String? = nil
    ) -> String? {
      message {
        try TeacherCache.open(
          path ?? cache.path, content, teacher: other ?? teacher, tokens: tokens ?? windows)
      }
    }
    let (model, tokens) = (try ModelIdentity(of: teacher), windows.identity)
    let changed = try prune(teacher, PruningRequest(drop: [0]))
    changed.name = "changed"
    let found = try ModelIdentity(of: changed)
    #expect(
      error(.largest(5), changed)
        == "the cache \(path) is of the teacher llama-tied (\(model.fingerprint)), not of changed "
        + "(\(found.fingerprint)): give another path, or remove it")
    let fewer = windows.selecting([0, 1])
    #expect(
      error(.largest(5), nil, fewer)
        == "the cache \(path) is of the tokens [5, 16] (\(tokens.fingerprint)), not of the tokens "
        + "[2, 16] (\(fewer.identity.fingerprint)): give another path, or remove it")
    #expect(
      error(.whole(.f32))
        == "the cache \(path) is of the 5 largest log-probabilities, not of whole logits in f32: "
        + "give another path, or remove it")
    #expect(error(.largest(0)) == "top must be between 1 and 96, not 0")
    #expect(error(.whole(.f16)) == "a cache keeps logits in f32 or bf16, not f16")
    #expect(
      error(path: Golden.folder("llama-tied") + "/model.safetensors")?.hasSuffix(
        "is no cache of a teacher's logits: give another path for one to be made") == true)
    #expect(error(path: folder + "/none/t.cache") != nil)
    #expect(
      error(.largest(5), try mask(teacher, layers: [0]))
        == "a cache takes no masked teacher: its identity is the model's without the mask")
    // Another run's windows are not these.
    var settings = TrainingSettings(steps: 1)
    settings.batch = 1
    #expect(
      message {
        try Trainer(
          changed, .distillation(teacher: teacher, loss: .init(.kl), cache: cache), fewer,
          settings: settings)
      } == "the cache \(path) is of other windows than these")
  }

  @Test func lossesThatNeedMoreThanIsKept() throws {
    let folder = try temporaryFolder()
    let golden = try Golden("llama-tied")
    let teacher = try golden.model()
    let windows = try golden.windows("windows")
    let cache = try TeacherCache.open(
      folder + "/t.cache", .largest(5), teacher: teacher, tokens: windows)
    func error(_ loss: DistillationLoss) -> String? {
      message { try Self.run(loss, cache, on: anyDevice) }
    }
    #expect(
      error(.init(.mse))
        == "'mse' compares every logit, and the cache holds the 5 largest of each position: make "
        + "one of whole logits, cache=\"PATH\"")
    #expect(error(.init(.reverseKL))?.hasPrefix("'reverse_kl' compares every logit") == true)
    #expect(error(.init(.cosine))?.hasPrefix("'cosine' compares every logit") == true)
    #expect(
      error(.init(.topKL, k: 6))
        == "'topk_kl' with k=6 needs more than the 5 largest that the cache holds")
    #expect(error(.init(.kl, temperature: 2))?.contains("at temperature 2.0 is not known") == true)
    #expect(
      error(.init([.init(.kl), .init(.embedding)]))
        == "'embedding' compares states inside the teacher, and a cache holds its logits alone: "
        + "leave cache= out")
  }

  @Test func aDiskWithoutRoom() {
    func error(_ content: TeacherCacheContent, free: Int) -> String? {
      message {
        try TeacherCache.requireSpace(
          "t.cache", content, vocabulary: 1000, positions: 10, free: free)
      }
    }
    #expect(error(.whole(.f32), free: 40_000) == nil)
    #expect(
      error(.whole(.f32), free: 39_999)?.hasPrefix(
        "a cache of whole logits in f32 for 10 positions needs 40000 bytes, and the disk of t.cache "
          + "has 39999 left") == true)
    #expect(error(.whole(.bf16), free: 20_000) == nil)
    #expect(error(.largest(50), free: 4040) == nil)
    #expect(error(.largest(50), free: 4039)?.contains("needs 4040 bytes") == true)
  }

  /// A damaged file is an error, never a trap.
  @Test func damagedFiles() throws {
    let folder = try temporaryFolder()
    let golden = try Golden("llama-tied")
    let teacher = try golden.model()
    let windows = try golden.windows("windows")
    let path = folder + "/t.cache"
    _ = try TeacherCache.open(path, .largest(5), teacher: teacher, tokens: windows)
    let whole = try MappedFile(path: path).withBytes(Array.init)
    for count in [0, 4, 100, whole.count - 1] {
      try writeFile(path) { try $0.write(Array(whole[..<count])) }
      #expect(
        message {
          try TeacherCache.open(path, .largest(5), teacher: teacher, tokens: windows)
        } != nil, "\(count) bytes")
    }
    // An id outside the vocabulary, at the first row's sixth place.
    var damaged = whole
    let header = Int(whole[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    let bits = Float(1e6).bitPattern
    for byte in 0..<4 { damaged[8 + header + 5 * 4 + byte] = UInt8(bits >> (8 * byte) & 255) }
    try writeFile(path) { try $0.write(damaged) }
    let cache = try TeacherCache.open(path, .largest(5), teacher: teacher, tokens: windows)
    // Four steps of two windows come past each of the five.
    let text = message { try Self.run(.init(.kl), cache, on: anyDevice) }
    #expect(text?.contains("holds the id 1000000.0 at position 0") == true)
  }

  /// A teacher with a weight that is not finite leaves no file.
  @Test(arguments: [TeacherCacheContent.whole(.f32), .largest(5)])
  func aBrokenTeacherLeavesNoFile(_ content: TeacherCacheContent) throws {
    let folder = try temporaryFolder()
    let golden = try Golden("llama-tied")
    let teacher = try golden.model()
    try #require(teacher.weights["model.norm.weight"]).setItem(
      [.at(0)], to: Tensor.full([], .nan, on: teacher.device))
    let text = message {
      try TeacherCache.open(
        folder + "/t.cache", content, teacher: teacher, tokens: golden.windows("windows"))
    }
    #expect(text?.contains("'model.norm.weight'") == true)
    #expect(try namesInFolder(folder) == [])
  }
}
