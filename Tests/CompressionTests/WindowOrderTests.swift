import Compression
import Testing

/// The order in which training takes windows.
@Suite struct WindowOrderTests {
  @Test func inOrderItWrapsAround() {
    var order = WindowOrder(count: 5, shuffleSeed: nil)
    #expect(order.windows(from: 0, 3) == [0, 1, 2])
    #expect(order.windows(from: 3, 4) == [3, 4, 0, 1])
    #expect(order.windows(from: 12, 2) == [2, 3])
  }

  @Test func shuffledItIsANewPermutationEachEpoch() {
    var order = WindowOrder(count: 20, shuffleSeed: 7)
    let epochs = (0..<4).map { order.windows(from: $0 * 20, 20) }
    for epoch in epochs { #expect(epoch.sorted() == Array(0..<20)) }
    #expect(Set(epochs).count == 4)
    #expect(epochs[0] != Array(0..<20))
  }

  @Test func anyPlaceCanBeAskedFor() {
    var whole = WindowOrder(count: 7, shuffleSeed: 1)
    let all = whole.windows(from: 0, 40)
    var later = WindowOrder(count: 7, shuffleSeed: 1)
    #expect(later.windows(from: 23, 9) == Array(all[23..<32]))
    // Back to an epoch that was left.
    #expect(later.windows(from: 2, 9) == Array(all[2..<11]))
    var other = WindowOrder(count: 7, shuffleSeed: 2)
    #expect(other.windows(from: 0, 40) != all)
  }
}
