import Foundation

/// A seeded generator of random numbers: xoshiro256** (Blackman and Vigna, 2018), its state filled
/// by SplitMix64 from the seed.
public struct RandomGenerator: RandomNumberGenerator, Sendable, Equatable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spare: Double?

  /// The generator of a seed.
  public init(seed: Int) {
    var mixed = UInt64(bitPattern: Int64(seed))
    func next() -> UInt64 {
      mixed &+= 0x9E37_79B9_7F4A_7C15
      var z = mixed
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = (next(), next(), next(), next())
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotate(state.1 &* 5, 7) &* 9
    let t = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= t
    state.3 = rotate(state.3, 45)
    return result
  }

  /// A number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A standard normal number (Box and Muller, two at a time).
  public mutating func normal() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    let radius = (-2 * log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }

  /// 0..<count in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    (0..<count).shuffled(using: &self)
  }

  /// The four words of the state and the spare normal number: what a resumed run needs.
  package var words: ([UInt64], Double?) {
    ([state.0, state.1, state.2, state.3], spare)
  }

  /// A generator in a state that `words` gave; nil where those are not four.
  package init?(words: [UInt64], spare: Double?) {
    guard words.count == 4 else { return nil }
    state = (words[0], words[1], words[2], words[3])
    self.spare = spare
  }

  /// Equality of states.
  public static func == (left: RandomGenerator, right: RandomGenerator) -> Bool {
    left.state == right.state && left.spare == right.spare
  }
}
