import Kernels
import Tensors

extension Model {
  /// A model of a configuration with random weights, for measurements that ask for a shape alone:
  /// matrices and embeddings normal with a deviation of 0.02, weights of norms 1, biases 0.
  ///
  /// The same seed gives the same weights on every device and any number of threads.
  /// - Throws: `ModelError.invalid` where the device lacks the memory, before anything is made;
  ///   `KernelError.outOfMemory`; `Interrupted`.
  public static func random(
    _ configuration: Configuration, name: String, seed: Int, on device: any Device
  ) throws -> Model {
    try device.requireMemory(for: configuration, of: name)
    // Neighbouring seeds must not share the generators of their blocks.
    var generator = RandomGenerator(seed: seed)
    let first = Int.random(in: .min ... .max, using: &generator)
    let weights = try configuration.weightShapes.enumerated().map { place, shape in
      (
        name: shape.name,
        tensor: try shape.randomTensor(
          in: configuration.architecture, seed: first &+ place << 32, on: device)
      )
    }
    return Model(
      name: name, configuration: configuration, weights: Weights(weights),
      text: TextSupport(tokenizer: nil, problem: "its weights are random"), storedType: .f32,
      device: device)
  }
}

extension WeightShape {
  private static let deviation = 0.02
  /// Elements that one generator makes.
  private static let block = 4096

  fileprivate func randomTensor(
    in architecture: Architecture, seed: Int, on device: any Device
  ) throws -> Tensor {
    let sizes = sizes(in: architecture)
    guard sizes.count > 1 else {
      return try Tensor.full(sizes, role.hasSuffix("bias") ? 0 : 1, on: device)
    }
    let tensor = try Tensor(uninitialized: sizes, on: device)
    try device.produce(tensor.region, count: tensor.count, granularity: Self.block) {
      output, range in
      var generator = RandomGenerator(seed: 0)
      for place in output.indices {
        let element = range.lowerBound + place
        if element % Self.block == 0 {
          generator = RandomGenerator(seed: seed &+ element / Self.block)
        }
        output[place] = Float(generator.normal() * Self.deviation)
      }
    }
    return tensor
  }
}
