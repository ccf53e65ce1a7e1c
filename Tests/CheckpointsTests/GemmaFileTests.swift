import Checkpoints
import Foundation
import TestTools
import Testing

/// A real file of K-quants, Gemma 3 270M in Q4_K_M, tensor by tensor against the `gguf` package.
@Suite(.enabled(if: RealData.gemma != nil && PythonOracle.hasGGUF))
struct GemmaFileTests {
  /// Prints name, type and digest of every tensor; the digest is the sum of each value's bits times
  /// its odd number 2i + 1, modulo 2^64, so that a value in another place changes it too.
  private static let digests = """
    import sys, gguf, numpy as np
    for tensor in gguf.GGUFReader(sys.argv[1]).tensors:
        data = tensor.data.reshape(-1, tensor.data.shape[-1])
        total, start, rows = 0, 0, max(1, (1 << 20) // data.shape[-1])
        for first in range(0, len(data), rows):
            values = gguf.quants.dequantize(data[first:first + rows], tensor.tensor_type)
            bits = values.astype(np.float32).ravel().view(np.uint32).astype(np.uint64)
            odd = 2 * np.arange(start, start + bits.size, dtype=np.uint64) + np.uint64(1)
            total = (total + int((bits * odd).sum(dtype=np.uint64))) % 2**64
            start += bits.size
        print(tensor.name, tensor.tensor_type.name, start, total)
    """

  @Test func everyTensorHasTheBitsOfTheLibrary() throws {
    let path = try #require(RealData.gemma)
    let answer = try PythonOracle.run(Self.digests, [path])
    try #require(answer.status == 0, "\(answer.errors)")
    let file = try GGUFFile(path: path)
    var types: Set<String> = []
    let lines = answer.output.split(separator: "\n")
    try #require(lines.count == file.tensors.count && lines.count > 200)
    let start = Date()
    for line in lines {
      let fields = line.split(separator: " ").map(String.init)
      let tensor = try #require(file.tensor(named: fields[0]))
      #expect(tensor.type.rawValue == fields[1].lowercased() && String(tensor.count) == fields[2])
      #expect(String(try digest(tensor)) == fields[3], "\(tensor.name), \(tensor.type)")
      types.insert(tensor.type.rawValue)
    }
    print("Gemma's tensors decoded in \(Date().timeIntervalSince(start)) s")
    #expect(types == ["f32", "q5_0", "q8_0", "q4_k", "q6_k"])
  }

  /// The digest that the program above prints; the pieces end inside blocks.
  private func digest(_ tensor: StoredTensor) throws -> UInt64 {
    let piece = 1_000_003
    var values = [Float](repeating: 0, count: min(piece, tensor.count))
    var total: UInt64 = 0
    for start in stride(from: 0, to: tensor.count, by: piece) {
      let range = start..<min(start + piece, tensor.count)
      total &+= try values.withUnsafeMutableBufferPointer { buffer in
        let part = UnsafeMutableBufferPointer(rebasing: buffer[..<range.count])
        try tensor.readFloats(range, into: part)
        var sum: UInt64 = 0
        for index in part.indices {
          sum &+= UInt64(part[index].bitPattern) &* UInt64(2 &* (start &+ index) &+ 1)
        }
        return sum
      }
    }
    return total
  }
}
