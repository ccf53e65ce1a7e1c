import Compression
import Evaluation
import Files
import Kernels
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// The search over shapes: its grid, its ranking, and that it goes on after a stop.
@Suite struct SearchTests {
  private static let grid = SearchGrid(
    layers: [.count(2), .count(3), .count(4)], heads: [.count(4), .count(6)],
    ffn: [.count(24), .count(40)], hidden: [.count(36)])

  private struct Subject {
    let model: Model
    let scores: Importance
    let golden: Golden

    init(on device: any Device = anyDevice) throws {
      golden = try Golden("llama-tied")
      model = try golden.model(on: device)
      scores = try importance(model, golden.windows("windows"))
    }

    func search(_ change: (inout SearchSettings) -> Void, folder: String? = nil) throws
      -> ArchitectureSearch
    {
      var settings = SearchSettings(parameters: .fraction(0.6))
      settings.tolerance = 0.3
      settings.grid = SearchTests.grid
      settings.batch = 2
      change(&settings)
      return try ArchitectureSearch(
        model, scores, golden.windows("windows"), heldOut: golden.windows("held_out"),
        settings: settings, folder: folder)
    }
  }

  @Test func theBudgetIsMet() throws {
    let subject = try Subject()
    let search = try subject.search { _ in }
    let target = 0.6 * Double(subject.model.parameters)
    #expect(!search.candidates.isEmpty)
    for candidate in search.candidates {
      #expect(abs(Double(candidate.sizes.parameters) - target) <= 0.3 * target + 1)
      let student = try prune(subject.model, candidate.sizes.request, by: subject.scores)
      #expect(student.parameters == candidate.sizes.parameters)
    }
    #expect(
      message { try subject.search { $0.parameters = .count(10) } }?
        .hasPrefix("none of the grid's 12 shapes is within 0.3 of 10 parameters: they have ")
        == true)
    #expect(message { try subject.search { $0.top = 0 } } == "top must be at least 1, not 0")
    #expect(
      message { try subject.search { $0.grid.heads = [.count(5)] } }?.contains("heads=5") == true)
  }

  /// An axis that is left out: 0.5, 0.625, 0.75, 0.875 and 1 of 4 layers, 6 heads in 2 groups, 40
  /// neurons and 36 channels, rounded to whole layers, groups, and multiples of 32.
  @Test func theDefaultGrid() throws {
    let subject = try Subject()
    let search = try subject.search {
      $0.grid = SearchGrid()
      $0.tolerance = 1
    }
    func sizes(_ axis: (CandidateSizes) -> Int) -> [Int] {
      Set(search.candidates.map { axis($0.sizes) }).sorted()
    }
    #expect(sizes(\.layers) == [2, 3, 4] && sizes(\.heads) == [4, 6])
    #expect(sizes(\.ffn) == [32, 40] && sizes(\.hidden) == [32, 36])
  }

  @Test(arguments: testDeviceKinds)
  func ranksByTheLossOfTheCut(_ test: TestDevice) throws {
    let subject = try Subject(on: test.device)
    let search = try subject.search { _ in }
    try search.run()
    #expect(search.isDone)
    let ranked = search.candidates.ranked
    #expect(ranked.count == search.candidates.count)
    let losses = ranked.compactMap(\.loss)
    #expect(losses == losses.sorted() && losses.count == ranked.count)
    let best = try search.best()
    let student = try prune(subject.model, ranked[0].sizes.request, by: subject.scores)
    #expect(
      try loss(best, subject.golden.windows("held_out")).mean
        == loss(student, subject.golden.windows("held_out")).mean)
    #expect(best.name == "llama-tied-" + ranked[0].name)
  }

  @Test func distilsTheBestFromOneCache() throws {
    let subject = try Subject()
    let search = try subject.search {
      $0.steps = 4
      $0.top = 2
      $0.learningRate = 5e-3
    }
    var windows = 0
    try search.run(progress: { if case .teacher(let done, _) = $0 { windows = done } })
    #expect(windows > 0)
    let distilled = search.candidates.filter { !$0.curve.isEmpty }
    #expect(distilled.count == 2)
    let byCut = search.candidates.sorted { ($0.loss ?? 0) < ($1.loss ?? 0) }.prefix(2)
    #expect(Set(distilled.map(\.name)) == Set(byCut.map(\.name)))
    for candidate in distilled {
      #expect(candidate.curve.map(\.step) == [0, 1, 2, 3, 4])
      #expect(candidate.curve[0].loss == candidate.loss)
      #expect(candidate.distilledLoss != candidate.loss)
    }
    let (steps, rows) = search.candidates.ranks
    #expect(steps == [0, 1, 2, 3, 4] && rows.count == 2)
    #expect(rows.map { $0.ranks.last } == [1, 2])
    let best = try search.best()
    let held = try loss(best, subject.golden.windows("held_out")).mean
    #expect(held == search.candidates.ranked[0].distilledLoss)
    #expect(best.provenance?.cuts.last?.updates == 4)
  }

  /// Stopped after any measurement and called again, it ends as one that was never stopped.
  @Test(arguments: [false, true])
  func goesOnAfterAStop(isKept: Bool) throws {
    let subject = try Subject()
    func settings(_ settings: inout SearchSettings) {
      settings.steps = 2
      settings.top = 2
    }
    let whole = try subject.search(settings)
    try whole.run()
    let folder = isKept ? try temporaryFolder() + "/search" : nil
    var search = try subject.search(settings, folder: folder)
    var stops = 0
    while !search.isDone {
      var measured = 0
      do {
        try search.run(changed: {
          measured += 1
          if measured == 2 { throw Interrupted() }
        })
      } catch is Interrupted {
        stops += 1
      }
      if isKept { search = try subject.search(settings, folder: folder) }
    }
    #expect(stops > 2)
    #expect(search.candidates == whole.candidates)
    #expect(
      try loss(search.best(), subject.golden.windows("held_out")).mean
        == loss(whole.best(), subject.golden.windows("held_out")).mean)
  }

  @Test func anotherSearchIsRefused() throws {
    let subject = try Subject()
    let folder = try temporaryFolder() + "/search"
    try subject.search({ _ in }, folder: folder).run()
    #expect(
      message { try subject.search({ $0.tolerance = 0.25 }, folder: folder) }
        == "\(folder) holds a search with other settings: its 'tolerance' is 0.3, here it is 0.25; "
        + "save= takes another folder for a new search")
    let other = try temporaryFolder()
    try writeFile(other + "/thesis.txt") { try $0.write("years of work") }
    #expect(
      message { try subject.search({ _ in }, folder: other) }
        == "\(other): holds 'thesis.txt' and no search.json; choose a folder of its own for the "
        + "search")
    try writeFile(folder + "/search.json") { try $0.write("{") }
    #expect(message { try subject.search({ _ in }, folder: folder) }?.hasPrefix(folder) == true)
  }
}
