import Checkpoints
import Kernels
import Tensors

/// A weight's elements where a checkpoint keeps them.
struct StoredElements: ElementSource {
  let tensor: StoredTensor
  /// The heads of a matrix whose rows llama.cpp reordered for its rotation; nil for any other.
  var rotatedHeads: Int?

  func check() throws { try tensor.file.requireUnchanged() }

  func read(_ elements: Range<Int>, into output: UnsafeMutableBufferPointer<Float>) throws {
    if let rotatedHeads {
      try tensor.readRotary(elements, heads: rotatedHeads, into: output)
    } else {
      try tensor.readFloats(elements, into: output)
    }
  }

  func prefetch() { tensor.prefetch(0..<tensor.count) }

  func release() { tensor.release(0..<tensor.count) }

  /// The weight on a device, which reads its elements when they are first needed.
  func weight(on device: any Device) throws -> Tensor {
    let buffer = try device.allocate(tensor.count, reading: self)
    return Tensor(buffer.start, shape: tensor.shape)
  }
}
