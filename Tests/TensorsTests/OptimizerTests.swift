import Foundation
import JSONFormat
import Kernels
import Tensors
import TestFixtures
import Testing

/// AdamW against PyTorch's, and the schedule.
@Suite struct OptimizerTests {
  @Test(arguments: testDevices)
  func isPyTorchsAdamW(_ test: TestDevice) throws {
    for run in try #require(NumpyRules.rules("adamw").array) {
      let parameter = try tensor(try #require(run["start"]).floats, [5], on: test.device)
      parameter.isTracked = true
      let betas = try #require(run["betas"]).floats
      let clip = run["clip"]?.double
      let squaredNorm = try Tensor.full([1], 0, on: test.device)
      let optimizer = try Optimizer(
        [parameter],
        settings: .init(
          betas: (betas[0], betas[1]), weightDecay: Float(run["decay"]?.double ?? .nan),
          clip: clip.map { Float($0) }),
        on: test.device)
      for step in try #require(run["steps"]?.array) {
        let wanted = try tensor(try #require(step["gradient"]).floats, [5], on: test.device)
        let gradients = optimizer.gradients()
        // d(Σ p·g)/dp is g.
        try gradients.run(from: parameter.times(wanted).sum())
        try optimizer.measure(gradients, to: squaredNorm.region)
        try optimizer.update(
          gradients, learningRate: Float(try #require(step["rate"]?.double)),
          squaredNorm: squaredNorm.region)
        optimizer.commit()
        let after = try #require(step["after"]).floats
        #expect(maximumDifference(try parameter.floats(), after) < 1e-6)
        if clip != nil {
          let norm = try #require(step["norm"]?.double)
          #expect(abs(try squaredNorm.item().squareRoot() - norm) < 1e-6 * norm)
        }
      }
      #expect(optimizer.step == 3)
    }
  }

  /// The norm is over all parameters together.
  @Test func clipsByTheGlobalNorm() throws {
    let parameters = try [tensor([0, 0], [2]), tensor([0], [1])]
    for parameter in parameters { parameter.isTracked = true }
    let optimizer = try Optimizer(parameters, settings: .init(clip: 1), on: anyDevice)
    let gradients = optimizer.gradients()
    let first = try parameters[0].times(tensor([2, 3], [2])).sum()
    try gradients.run(from: first.plus(parameters[1].times(tensor([6], [1])).sum()))
    let squaredNorm = try tensor([0], [1])
    try optimizer.measure(gradients, to: squaredNorm.region)
    #expect(try squaredNorm.item() == 49)
  }

  /// What fails on the way to `commit` leaves every parameter as it was.
  @Test(arguments: testDevices)
  func parametersChangeAtTheCommitAlone(_ test: TestDevice) throws {
    let parameters = try [
      tensor([1, 2], [2], on: test.device), tensor([3], [1], on: test.device),
    ]
    for parameter in parameters { parameter.isTracked = true }
    let view = try parameters[0].detached().reshaped([2, 1])
    let optimizer = try Optimizer(parameters, settings: .init(clip: nil), on: test.device)
    let squaredNorm = try Tensor.full([1], 0, on: test.device)
    func update() throws {
      let gradients = optimizer.gradients()
      try gradients.run(from: parameters[0].sum().plus(parameters[1].sum()))
      try optimizer.update(gradients, learningRate: 0.5, squaredNorm: squaredNorm.region)
    }
    try update()
    #expect(try parameters[0].floats() == [1, 2])
    #expect(try parameters[1].floats() == [3])
    #expect(optimizer.step == 0)
    optimizer.commit()
    #expect(maximumDifference(try parameters[0].floats(), [0.5, 1.5]) < 1e-6)
    #expect(maximumDifference(try parameters[1].floats(), [2.5]) < 1e-6)
    // Other tensors over the same buffer see it too.
    #expect(try view.floats() == parameters[0].floats())
    #expect(optimizer.step == 1)
    try update()
    optimizer.commit()
    #expect(maximumDifference(try parameters[0].floats(), [0, 1]) < 1e-6)
  }

  /// Without a gradient there is no decay either, as in PyTorch.
  @Test func leavesAParameterWithoutAGradientAlone() throws {
    let parameters = try [tensor([1], [1]), tensor([1], [1])]
    for parameter in parameters { parameter.isTracked = true }
    let optimizer = try Optimizer(
      parameters, settings: .init(weightDecay: 0.5, clip: nil), on: anyDevice)
    let gradients = optimizer.gradients()
    try gradients.run(from: parameters[0].sum())
    let squaredNorm = try tensor([0], [1])
    try optimizer.update(gradients, learningRate: 0.1, squaredNorm: squaredNorm.region)
    optimizer.commit()
    #expect(try parameters[0].item() < 0.9)
    #expect(try parameters[1].item() == 1)
  }

  @Test func warmsUpAndDecays() {
    let schedule = Schedule(peak: 1, floor: 0.1, warmup: 4, steps: 12)
    let rates = (0..<12).map { schedule.rate(at: $0) }
    #expect(rates.prefix(4) == [0.25, 0.5, 0.75, 1])
    #expect(rates[4] == 1)
    #expect(abs(rates[8] - 0.55) < 1e-12)
    #expect(abs(rates[11] - (0.1 + 0.45 * (1 + cos(.pi * 7 / 8)))) < 1e-12)
    #expect(zip(rates.dropFirst(4), rates.dropFirst(5)).allSatisfy { $0 > $1 })
    #expect(Schedule(peak: 1, floor: 0, warmup: 0, steps: 1).rate(at: 0) == 1)
    #expect(Schedule(peak: 1, floor: 0, warmup: 3, steps: 3).rate(at: 2) == 1)
  }
}
