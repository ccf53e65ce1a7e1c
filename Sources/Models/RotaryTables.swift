import Foundation
import Kernels
import Tensors

/// Cosines and sines of every position's angles, [positions, rotated/2] each, where `rotated`
/// elements of a head turn.
struct RotaryTables {
  let positions: Int
  let cosines: Tensor
  let sines: Tensor

  /// Tables for at least `positions`, rounded up so that a growing text seldom makes new ones.
  /// Angles are products in f32, as in the reference.
  init(_ rope: Rope, headDim: Int, positions wanted: Int, on device: any Device) throws {
    var rounded = 256
    while rounded < wanted { rounded *= 2 }
    positions = rounded
    let frequencies = rope.frequencies(dim: rope.rotated(headDim: headDim))
    var cosines: [Float] = []
    var sines: [Float] = []
    cosines.reserveCapacity(positions * frequencies.count)
    sines.reserveCapacity(positions * frequencies.count)
    for position in 0..<positions {
      for frequency in frequencies {
        let angle = Double(Float(position) * frequency)
        cosines.append(Float(cos(angle)))
        sines.append(Float(sin(angle)))
      }
    }
    let shape = [positions, frequencies.count]
    self.cosines = try Tensor(cosines, shape: shape, on: device)
    self.sines = try Tensor(sines, shape: shape, on: device)
  }
}
