import Checkpoints
import Kernels
import Tensors

/// A weight's elements where a checkpoint keeps them.
package struct StoredElements: ElementSource {
  let tensor: StoredTensor
  /// The heads of a matrix whose rows llama.cpp reordered for its rotation; nil for any other.
  var rotatedHeads: Int?

  package func requireUnchanged() throws { try tensor.file.requireUnchanged() }

  package func read(_ elements: Range<Int>, into output: UnsafeMutableBufferPointer<Float>) throws {
    if let rotatedHeads {
      try tensor.readRotary(elements, heads: rotatedHeads, into: output)
    } else {
      try tensor.readFloats(elements, into: output)
    }
  }

  package func prefetch() { tensor.prefetch(0..<tensor.count) }

  package func release() { tensor.release(0..<tensor.count) }

  /// Single elements by their places, rising; no more is read.
  func values(at places: [Int]) throws -> [Float] {
    try requireUnchanged()
    defer { release() }
    return try tensor.file.withoutReadingAhead(tensor.byteRange) {
      try places.map { place in
        var value: Float = 0
        try withUnsafeMutablePointer(to: &value) {
          try read(place..<place + 1, into: UnsafeMutableBufferPointer(start: $0, count: 1))
        }
        return value
      }
    }
  }

  /// The weight on a device, which reads its elements when they are first needed.
  func weight(on device: any Device) throws -> Tensor {
    let buffer = try device.allocate(tensor.count, reading: self)
    return Tensor(buffer.start, shape: tensor.shape)
  }
}
