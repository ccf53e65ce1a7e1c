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
}
