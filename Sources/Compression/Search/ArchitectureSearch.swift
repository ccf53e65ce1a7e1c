import Corpus
import Evaluation
import Files
import Foundation
import Kernels
import Models

/// A search for the best student of a number of parameters (arXiv 2407.14679, section 4.4): every
/// shape of a grid near the budget is cut and measured, then the best ones are distilled shortly
/// from the same cached logits of the teacher.
///
/// A search that was stopped goes on where it was when `run` is called again; with a folder also in
/// another process.
public final class ArchitectureSearch {
  /// What is being done, with the units done and all of them.
  public enum Stage: Equatable {
    /// Shapes that are cut and measured.
    case scoring(done: Int, all: Int)
    /// Windows that the teacher runs over.
    case teacher(done: Int, all: Int)
    /// Updates of one shape's distillation.
    case distilling(SearchCandidate, done: Int, all: Int)
  }

  /// Every shape within the budget, in the grid's order.
  public private(set) var candidates: [SearchCandidate]
  /// What the search was asked to do.
  public let settings: SearchSettings
  private let teacher: Model
  private let importance: Importance
  private let tokens: TokenWindows
  private let measured: TokenWindows
  private let key: SearchKey
  private let store: SearchStore?
  /// The best student that was distilled, where no folder keeps it.
  private var bestStudent: (candidate: SearchCandidate, model: Model)?

  /// Prepares a search; with a folder, what a search of the same settings measured there is taken
  /// up.
  ///
  /// - Parameters:
  ///   - importance: the teacher's scores.
  ///   - tokens: windows to learn from, and to measure on where `heldOut` is nil.
  ///   - folder: where the search is kept, nil for memory alone.
  /// - Throws: `CompressionError` for settings that are not possible, a budget that no shape meets,
  ///   or a folder of another search; `FileError`.
  public init(
    _ teacher: Model, _ importance: Importance, _ tokens: TokenWindows,
    heldOut: TokenWindows? = nil, settings: SearchSettings, folder: String? = nil
  ) throws {
    try teacher.requireUnmasked(for: "search")
    try settings.check(windows: tokens.count)
    let measured = heldOut ?? tokens
    try requireTargets(measured)
    let target = try settings.parameters.resolved(of: teacher.parameters, name: "parameters")
    candidates = try settings.grid
      .candidates(of: teacher.configuration, near: target, tolerance: settings.tolerance)
      .map(SearchCandidate.init)
    self.teacher = teacher
    self.importance = importance
    self.tokens = tokens
    self.measured = measured
    self.settings = settings
    key = try SearchKey(teacher, importance, tokens, measured, settings)
    store = try folder.map { [key] in try SearchStore($0, key) }
    try store?.restore(&candidates)
  }

  /// Goes on with what another search of the same settings measured, whatever `top` it had.
  public func takeUp(_ other: ArchitectureSearch) {
    guard key == other.key, store?.folder == other.store?.folder else { return }
    candidates = other.candidates
    bestStudent = other.bestStudent
  }

  /// Whether nothing is left to do.
  public var isDone: Bool { candidates.allSatisfy { $0.loss != nil } && toDistill.isEmpty }

  /// The shapes to distil that were not yet.
  private var toDistill: [Int] {
    guard settings.steps > 0 else { return [] }
    let byCut = candidates.indices.sorted {
      (candidates[$0].loss ?? .infinity, $0) < (candidates[$1].loss ?? .infinity, $1)
    }
    return byCut.prefix(settings.top).filter { candidates[$0].curve.isEmpty }
  }

  /// Does what is left to do.
  ///
  /// - Parameters:
  ///   - progress: told how far the work of the moment has come.
  ///   - changed: called after every measurement.
  /// - Throws: `CompressionError`, `ModelError`, `FileError`; `Interrupted`, and what was measured
  ///   so far stays.
  public func run(
    progress: @escaping (Stage) throws -> Void = { _ in }, changed: () throws -> Void = {}
  ) throws {
    for index in candidates.indices where candidates[index].loss == nil {
      try progress(.scoring(done: candidates.count { $0.loss != nil }, all: candidates.count))
      let student = try cut(candidates[index])
      candidates[index].loss = try loss(student, measured).mean
      try store?.save(candidates)
      try changed()
    }
    try progress(.scoring(done: candidates.count, all: candidates.count))
    guard !toDistill.isEmpty else { return }
    try withTeacherCache(progress) { cache in
      for index in toDistill {
        try distill(index, cache, progress)
        try store?.save(candidates)
        try changed()
      }
    }
  }

  /// The best student so far: distilled where the search distils.
  /// - Throws: `CompressionError` before anything was measured; `FileError`, `KernelError`.
  public func best() throws -> Model {
    guard let best = candidates.ranked.first else {
      throw CompressionError.invalid("the search has not measured any shape yet")
    }
    if best.distilledLoss == nil { return try cut(best) }
    if let bestStudent, bestStudent.candidate.sizes == best.sizes { return bestStudent.model }
    guard let run = store?.runFolder(of: best) else {
      throw CompressionError.invalid("the search keeps no student of \(best.name)")
    }
    return try Run.student(ofRunAt: run, on: teacher.device)
  }

  private func studentName(_ candidate: SearchCandidate) -> String {
    "\(teacher.name)-\(candidate.name)"
  }

  private func cut(_ candidate: SearchCandidate) throws -> Model {
    let student = try prune(teacher, candidate.sizes.request, by: importance)
    student.name = studentName(candidate)
    return student
  }

  private func distill(
    _ index: Int, _ cache: TeacherCache, _ progress: (Stage) throws -> Void
  ) throws {
    let candidate = candidates[index]
    let student = try cut(candidate)
    let loss = DistillationLoss(.kl, temperature: 1)
    let trainer = try Trainer(
      student, .distillation(teacher: teacher, loss: loss, cache: cache), learned,
      heldOut: measured, settings: settings.training,
      saving: store.map { RunSaving($0.runFolder(of: candidate), .newOrResumed) })
    try trainer.train { step in
      try progress(.distilling(candidate, done: step, all: settings.steps))
    }
    candidates[index].curve = trainer.run.heldOut.map { .init(step: $0.step, loss: $0.loss) }
    let isBest = candidates.ranked.first?.sizes == candidate.sizes
    if isBest, store == nil { bestStudent = (candidates[index], student) }
  }

  /// The windows that the distillation sees; the teacher need run over no others.
  private var learned: TokenWindows {
    let (wanted, overflow) = settings.steps.multipliedReportingOverflow(by: settings.batch)
    return tokens.selecting(0..<(overflow ? tokens.count : min(wanted, tokens.count)))
  }

  /// The teacher's logits in a file: beside the search, or in a place that is removed afterwards.
  private func withTeacherCache(
    _ progress: @escaping (Stage) throws -> Void, _ body: (TeacherCache) throws -> Void
  ) throws {
    let temporary = NSTemporaryDirectory() + "pare-search-\(UUID().uuidString)"
    if store == nil { try makeFolder(temporary) }
    defer { if store == nil { try? removeFolder(temporary) } }
    let windows = learned
    let path = (store?.folder ?? temporary) + "/" + SearchStore.cacheName
    try body(
      try TeacherCache.open(path, cacheContent, teacher: teacher, tokens: windows) { done, all in
        try progress(.teacher(done: done, all: all))
      })
  }

  /// All logits where they are few; else the largest, which leave little of the probability.
  private var cacheContent: TeacherCacheContent {
    let vocabulary = teacher.architecture.vocab
    let bytes = Double(learned.ids.count) * Double(vocabulary) * 4
    return bytes <= Double(1 << 30) ? .whole(.f32) : .largest(min(256, vocabulary))
  }
}
