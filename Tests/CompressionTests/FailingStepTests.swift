import Compression
import Kernels
import Models
import TestFixtures
import Testing

@Suite struct FailingStepTests {
  /// Wherever in a step the driver fails: the error names the operation, the student is as it was
  /// after the last whole step, and training goes on with it.
  @Test func aDriversErrorLeavesTheModelAsItWas() async {
    await #expect(processExitsWith: .success) {
      let golden = try Golden("llama-tied")
      let device = try FailingDriver.device()
      let teacher = try golden.model(on: device)
      let windows = try golden.windows("windows")
      var settings = TrainingSettings(steps: 1)
      settings.batch = 2
      let student = try prune(teacher, PruningRequest(drop: [1]))
      func step() throws {
        let trainer = try Trainer(
          student, .distillation(teacher: teacher, temperature: 1), windows, settings: settings)
        try trainer.train()
      }
      func weights() throws -> [[Float]] { try student.weights.all.map { try $0.floats() } }

      let before = device.traffic
      try step()
      let launches = (device.traffic - before).launches
      try #require(launches > 50)
      var failures = 0
      for place in stride(from: 0, through: launches - 1, by: max(1, launches / 40)) {
        let kept = try weights()
        FailingDriver.fail(after: place)
        do {
          try step()
        } catch let error as KernelError {
          failures += 1
          try #require(error.description.contains(" on opencl:0 failed: CL_OUT_OF_RESOURCES"))
        }
        FailingDriver.fail(after: nil)
        try #require(weights() == kept, "after \(place) launches")
        try step()
        try #require(weights() != kept)
      }
      try #require(failures >= 35)
    }
  }
}
