import Kernels

extension Device {
  /// Refuses a model's weights where the device has no memory for them, before any of them goes
  /// there.
  /// - Parameters:
  ///   - configuration: what says how many weights there are; they are f32 on every device.
  ///   - name: the model's name.
  /// - Throws: `ModelError.invalid` with both sizes.
  package func requireMemory(for configuration: Configuration, of name: String) throws {
    let needed = configuration.parameters * ElementType.f32.size
    let available = memory.available
    guard needed <= available else {
      throw ModelError.invalid(
        "\(name) needs \(megabytes(needed)) for its weights, and \(self.name) has "
          + "\(megabytes(available)) left: del models and tensors that are no longer needed, or take "
          + "a smaller model")
    }
    for shape in configuration.weightShapes {
      let sizes = shape.sizes(in: configuration.architecture)
      let bytes = sizes.reduce(ElementType.f32.size, *)
      guard bytes <= largestBuffer else {
        throw ModelError.invalid(
          "\(shape.name) of \(name) needs \(megabytes(bytes)) in one piece, and \(self.name) allows "
            + "\(megabytes(largestBuffer)): take the device cpu, or a smaller model")
      }
    }
  }
}
