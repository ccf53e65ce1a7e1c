import Compression
import Corpus
import Evaluation
import Foundation
import Kernels
import Models
import TestTools
import Testing

/// SmolLM2-135M on 40 windows of the passages, against PyTorch's loss of the same weights.
@Suite(.serialized, .enabled(if: RealData.model != nil && RealData.text != nil))
struct RealModelTests {
  /// PyTorch in f32: 2.917827; its bf16 autocast: 2.9188.
  @Test(arguments: [(Precision.f32, 0.0005), (.bf16, 0.01)])
  func theLossOfFortyWindows(precision: Precision, tolerance: Double) throws {
    let device = CPUDevice()
    let model = try Model.load(try #require(RealData.model), on: device)
    let text = try TextSource(try #require(RealData.text)).read()
    let ids = try model.text.required().encode(text)
    #expect(ids.count == 403_537)
    let windows = try WindowSelection(length: 512, samples: 40).windows(of: ids)
    device.use(precision)
    let start = Date()
    let found = try loss(model, windows)
    let seconds = Date().timeIntervalSince(start)
    print("SmolLM2 in \(precision.rawValue): loss \(found.mean), \(seconds) s")
    #expect(abs(found.mean - 2.9178) < tolerance)
    #expect(found.tokens == 40 * 511)
    if precision == .f32 {
      #expect(abs(try loss(model, windows.selecting([0])).mean - 3.42387) < 1e-4)
      #expect(abs(try loss(model, windows.selecting([1])).mean - 3.01821) < 1e-4)
    }
  }

  /// What OpenCL computes is what the processor computes, within rounding: logits, scores, and the
  /// losses of eight steps.
  @Test func openCLAgreesWithTheProcessor() throws {
    let path = try #require(RealData.model)
    let text = try TextSource(try #require(RealData.text)).read().prefix(20_000)
    let (cpu, openCL) = try (CPUDevice(), OpenCLDevice(0))
    var windows: TokenWindows?
    var found: [Findings] = []
    for device: any Device in [cpu, openCL] {
      let model = try Model.load(path, on: device)
      let ids = try model.text.required().encode(String(text))
      let chosen = try windows ?? WindowSelection(length: 64, samples: 8).windows(of: ids)
      windows = chosen
      found.append(try Findings(model, chosen))
    }
    #expect(difference(found[1].logits, found[0].logits) < 1e-4)
    for (axis, scores) in found[0].scores {
      #expect(difference(try #require(found[1].scores[axis]), scores) < 1e-4, "\(axis)")
    }
    #expect(found[0].losses.count == 8)
    for (ours, theirs) in zip(found[1].losses, found[0].losses) {
      #expect(abs(ours - theirs) < 1e-4 * theirs)
    }
  }

  /// What one device makes of a model and eight windows.
  private struct Findings {
    let logits: [Double]
    let scores: [ImportanceAxis: [Double]]
    let losses: [Double]

    init(_ model: Model, _ windows: TokenWindows) throws {
      let ids = try windows.batch([0], for: model)
      logits = try model.hidden(ids).linear(model.head).floats().map(Double.init)
      let found = try importance(model, windows.selecting([0, 1]))
      scores = Dictionary(
        uniqueKeysWithValues: ImportanceAxis.allCases.map { ($0, found.scores($0).values) })
      let student = try prune(model, PruningRequest(ffn: .count(896)), by: found)
      var settings = TrainingSettings(steps: 8)
      settings.batch = 1
      let trainer = try Trainer(
        student, .distillation(teacher: model, temperature: 1), windows, settings: settings)
      try trainer.train()
      losses = trainer.run.loss
    }
  }

  /// The largest difference, relative to the largest number.
  private func difference(_ a: [Double], _ b: [Double]) -> Double {
    let largest = b.reduce(0) { max($0, abs($1)) }
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest
  }
}
