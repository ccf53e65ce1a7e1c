import Kernels
import Models
import Tensors

/// The terms on states inside the models, with the one projection that they share.
///
/// The projection is a matrix [teacher's width, student's width] without bias. It begins as the
/// identity where the widths are equal, else as independent normal numbers of the run's seed with
/// variance 1 / student's width, so that a state keeps its scale.
final class StateLoss {
  /// The projection and its name in checkpoints.
  var learned: (name: String, tensor: Tensor) { ("distillation.projection.weight", projection) }

  private let projection: Tensor
  private let loss: DistillationLoss
  private let pairs: [(teacher: Int, student: Int)]
  private let student: Model
  private let teacher: Model

  init(_ loss: DistillationLoss, student: Model, teacher: Model, seed: Int) throws {
    self.loss = loss
    self.student = student
    self.teacher = teacher
    pairs =
      try loss.has(.hidden)
      ? loss.pairs.map {
        (
          teacher: try DistillationLoss.layer($0.teacher, of: teacher, "teacher"),
          student: try DistillationLoss.layer($0.student, of: student, "student")
        )
      } : []
    projection = try Self.projection(
      from: student.architecture.hidden, to: teacher.architecture.hidden, seed: seed,
      on: student.device)
  }

  private static func projection(
    from width: Int, to wider: Int, seed: Int, on device: any Device
  ) throws -> Tensor {
    if width == wider {
      var identity = [Float](repeating: 0, count: width * width)
      for place in 0..<width { identity[place * (width + 1)] = 1 }
      return try Tensor(identity, shape: [width, width], on: device)
    }
    var generator = RandomGenerator(seed: seed)
    return try Tensor.normal([wider, width], using: &generator, on: device)
      .scaled(by: 1 / Float(width).squareRoot())
  }

  /// A place for the teacher's states of a pass.
  func teacherStates() -> States {
    States(layers: Set(pairs.map(\.teacher)), embedding: loss.has(.embedding), isTracked: false)
  }

  /// A place for the student's states of a pass.
  func studentStates() -> States {
    States(layers: Set(pairs.map(\.student)), embedding: loss.has(.embedding), isTracked: true)
  }

  /// A term's value, f32 [1], with gradients for the student and the projection.
  func value(
    _ term: DistillationLoss.Term, student found: States, teacher wanted: States
  ) throws -> Tensor {
    if term == .embedding { return try distance(found.embedding, wanted.embedding) }
    var sum: Tensor?
    for pair in pairs {
      let share = try distance(
        found.layers[pair.student].map(student.finalNorm),
        wanted.layers[pair.teacher].map { try teacher.finalNorm($0).detached() })
      sum = try sum.map { try $0.plus(share) } ?? share
    }
    guard let sum else { preconditionFailure("'hidden' without pairs") }
    return sum
  }

  /// The mean squared distance of the projected state from the teacher's.
  private func distance(_ state: Tensor?, _ wanted: Tensor?) throws -> Tensor {
    guard let state, let wanted else { preconditionFailure("a state that no pass showed") }
    let difference = try state.linear(projection).minus(wanted)
    return try difference.times(difference).sum().scaled(by: 1 / Float(difference.count))
      .reshaped([1])
  }
}

extension StateLoss {
  /// Keeps states of a forward pass.
  final class States {
    private(set) var layers: [Int: Tensor] = [:]
    private(set) var embedding: Tensor?
    private let wanted: Set<Int>
    private let wantsEmbedding: Bool
    private let isTracked: Bool

    init(layers: Set<Int>, embedding: Bool, isTracked: Bool) {
      wanted = layers
      wantsEmbedding = embedding
      self.isTracked = isTracked
    }

    func observe(_ activation: Activation, _ layer: Int?, _ value: Tensor) throws {
      let kept = isTracked ? value : value.detached()
      if activation == .embedding, wantsEmbedding { embedding = kept }
      if activation == .output, let layer, wanted.contains(layer) { layers[layer] = kept }
    }
  }
}
