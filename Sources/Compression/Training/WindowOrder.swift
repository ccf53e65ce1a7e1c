import Tensors

/// The order in which training takes windows: the text's own, wrapping around, or a new permutation
/// each epoch. Any place can be asked for, so a run can begin anywhere.
package struct WindowOrder {
  let count: Int
  let shuffleSeed: Int?
  private var epoch = -1
  private var permutation: [Int] = []

  package init(count: Int, shuffleSeed: Int?) {
    self.count = count
    self.shuffleSeed = shuffleSeed
  }

  /// The windows at places `first` to `first + length − 1` of the endless order.
  package mutating func windows(from first: Int, _ length: Int) -> [Int] {
    (first..<first + length).map { window(at: $0) }
  }

  private mutating func window(at place: Int) -> Int {
    guard let shuffleSeed else { return place % count }
    if epoch != place / count {
      epoch = place / count
      var generator = RandomGenerator(seed: shuffleSeed &+ epoch &* 0x5851_F42D_4C95_7F2D)
      permutation = generator.permutation(count)
    }
    return permutation[place % count]
  }
}
