import Compression
import Kernels
import Models
import TestFixtures
import Testing

/// Training in bf16 beside training in f32.
@Suite struct PrecisionCurveTests {
  /// 200 updates of a small model, slow enough that it does not learn its windows by heart: the
  /// means over ten updates stay within 1 % of f32's. The real model's curve is LargeModelTests'.
  @Test(arguments: ["llama-tied", "qwen2"])
  func bfloatStaysNear(name: String) throws {
    let golden = try Golden(name)
    let curves = try Precision.allCases.map { precision in
      let device = CPUDevice(threads: 2)
      device.use(precision)
      var settings = TrainingSettings(steps: 200)
      settings.batch = 2
      settings.learningRate = 2e-4
      let trainer = try Trainer(
        golden.model(on: device), .languageModelling, golden.windows("windows"),
        settings: settings)
      try trainer.train()
      return trainer.run.loss
    }
    #expect(curves[0].last ?? .infinity < 0.95 * curves[0][0], "it learns")
    #expect(curves[0] != curves[1], "bf16 rounds")
    for step in 10...200 {
      let means = curves.map { $0[(step - 10)..<step].reduce(0, +) / 10 }
      #expect(abs(means[1] - means[0]) <= 0.01 * means[0], "updates up to \(step): \(means)")
    }
  }
}
