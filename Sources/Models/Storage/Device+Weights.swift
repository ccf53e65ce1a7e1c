import Kernels

extension Device {
  /// Refuses weights that the device has no memory for, before any of them goes there.
  /// - Parameters:
  ///   - count: the elements of all weights, which are f32 on every device.
  ///   - name: the model's name.
  /// - Throws: `ModelError.invalid` with both sizes.
  package func requireMemory(forParameters count: Int, of name: String) throws {
    let needed = count * ElementType.f32.size
    let available = memory.available
    guard needed <= available else {
      throw ModelError.invalid(
        "\(name) needs \(megabytes(needed)) for its weights, and \(self.name) has "
          + "\(megabytes(available)) left: del models and tensors that are no longer needed, or take "
          + "a smaller model")
    }
  }
}
