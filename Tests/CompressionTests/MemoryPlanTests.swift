import Compression
import Evaluation
import Kernels
import Models
import TestFixtures
import Testing

/// Work of the same shape as before it takes its memory from what that work freed: after a warm-up
/// nothing is asked of the system. Each test has a device of its own, whose blocks it counts.
@Suite("Plan of memory")
struct MemoryPlanTests {
  private func model(_ precision: Precision) throws -> (Golden, Model, CPUDevice) {
    let device = CPUDevice(threads: 2)
    device.use(precision)
    let golden = try Golden("llama-tied")
    return (golden, try golden.model(on: device), device)
  }

  @Test("a training step makes no block", arguments: Precision.allCases)
  func step(_ precision: Precision) throws {
    let (golden, teacher, device) = try model(precision)
    let objectives: [Objective] = [
      .distillation(teacher: teacher, temperature: 2), .languageModelling,
    ]
    for objective in objectives {
      let student = try prune(teacher, PruningRequest(drop: [1]))
      var settings = TrainingSettings(steps: 6)
      settings.batch = 2
      let windows = try golden.windows("windows")
      let trainer = try Trainer(student, objective, windows, settings: settings)
      var made: [Int] = []
      try trainer.train { _ in made.append(device.blocksMade) }
      #expect(made.count == 6)
      // In bf16 the first step leaves packed weights in blocks that the second would use otherwise.
      let warm = precision == .bf16 ? 1 : 0
      #expect(made.dropFirst(warm).allSatisfy { $0 == made[warm] }, "\(made)")
    }
  }

  @Test(
    "a teacher from a file keeps no matrix in f32",
    .enabled(if: !BFloatUnits.available.isEmpty, "without bf16 units matrices are rounded in f32"))
  func teacher() throws {
    let device = CPUDevice(threads: 2)
    device.use(.bf16)
    let golden = try Golden("llama-tied")
    let teacher = try Model.load(Golden.folder("llama-tied"), on: device)
    // The copy reads all of it.
    let student = try teacher.copy()
    var settings = TrainingSettings(steps: 1)
    settings.batch = 2
    let trainer = try Trainer(
      student, .distillation(teacher: teacher, temperature: 1), golden.windows("windows"),
      settings: settings)
    try trainer.train()
    let held = device.memory.used
    teacher.unload()
    let vectors = teacher.weights.all.filter { $0.rank == 1 }
    #expect(held - device.memory.used == vectors.reduce(0) { $0 + MemoryPool.sizeClass($1.bytes) })
  }

  @Test("a pass of scores or losses makes no block", arguments: Precision.allCases)
  func passes(_ precision: Precision) throws {
    let (golden, model, device) = try model(precision)
    let windows = try golden.windows("windows")
    let passes: [() throws -> Void] = [
      { _ = try importance(model, windows) }, { _ = try loss(model, windows) },
    ]
    for pass in passes {
      // The first pass leaves packed weights in blocks that the second would use otherwise.
      for _ in 0..<2 { try pass() }
      let warm = device.blocksMade
      for _ in 0..<3 { try pass() }
      #expect(device.blocksMade == warm)
    }
  }
}
