import Compression
import Kernels
import Tensors
import TestFixtures
import Testing

/// What a step with several terms copies, in a process of its own as in `TrafficTests`.
@Suite struct LossTrafficTests {
  /// Ids go in, and one record comes out: loss, gradient's norm, every term.
  @Test func severalTermsAreOneRecord() async {
    await #expect(processExitsWith: .success) {
      for test in testDevices {
        let golden = try Golden("llama-tied")
        let teacher = try golden.model(on: test.device)
        let terms = DistillationLoss.Term.allCases
        let loss = DistillationLoss(
          terms.map { .init($0, $0 == .hidden ? .automatic : .number(1)) },
          pairs: [.init(teacher: 1, student: 1)], k: 5)
        var settings = TrainingSettings(steps: 4)
        settings.batch = 2
        let windows = try golden.windows("windows")
        let trainer = try Trainer(
          prune(teacher, PruningRequest(drop: [1])), .distillation(teacher: teacher, loss: loss),
          windows, settings: settings)
        var ends: [Traffic] = []
        try trainer.train { _ in ends.append(teacher.device.traffic) }
        for (before, after) in zip(ends, ends.dropFirst()) {
          let step = after - before
          #expect(step.uploads == 1 && step.uploadedBytes == 2 * windows.length * 8, "\(test)")
          #expect(
            step.downloads == 1 && step.downloadedBytes == (2 + terms.count) * 4, "\(test)")
        }
      }
    }
  }
}
