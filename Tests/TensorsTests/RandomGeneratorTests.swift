import Tensors
import TestFixtures
import Testing

/// The generator of random numbers, the same everywhere and for ever.
@Suite struct RandomGeneratorTests {
  /// xoshiro256** seeded by SplitMix64, by the authors' C sources.
  @Test func isXoshiro() {
    var zero = RandomGenerator(seed: 0)
    #expect(
      (0..<3).map { _ in zero.next() }
        == [0x99EC_5F36_CB75_F2B4, 0xBF6E_1F78_4956_452A, 0x1A5F_849D_4933_E6E0])
  }

  @Test(arguments: [0, 1, -1, Int.max, Int.min])
  func repeatsForASeed(_ seed: Int) {
    var (a, b) = (RandomGenerator(seed: seed), RandomGenerator(seed: seed))
    #expect((0..<50).allSatisfy { _ in a.next() == b.next() })
    #expect(a.permutation(20) == b.permutation(20))
    #expect((0..<5).allSatisfy { _ in a.normal() == b.normal() })
    var other = RandomGenerator(seed: seed == 7 ? 8 : 7)
    #expect(a.next() != other.next())
  }

  @Test func restoresItsState() throws {
    var generator = RandomGenerator(seed: 3)
    _ = generator.normal()
    let (words, spare) = generator.words
    var copy = try #require(RandomGenerator(words: words, spare: spare))
    #expect(spare != nil && copy == generator)
    #expect((0..<5).allSatisfy { _ in copy.normal() == generator.normal() })
    #expect(RandomGenerator(words: [1, 2, 3], spare: nil) == nil)
  }

  @Test func hasTheRightMoments() {
    var generator = RandomGenerator(seed: 11)
    let count = 20_000
    let normals = (0..<count).map { _ in generator.normal() }
    let mean = normals.reduce(0, +) / Double(count)
    let variance = normals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.04)
    let uniforms = (0..<count).map { _ in generator.uniform() }
    #expect(uniforms.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(uniforms.reduce(0, +) / Double(count) - 0.5) < 0.01)
    #expect(generator.permutation(100).sorted() == Array(0..<100))
  }

  @Test func normalTensorsAreTheSameOnEveryDevice() throws {
    var first = RandomGenerator(seed: 5)
    let wanted = try Tensor.normal([7, 9], using: &first, on: anyDevice).floats()
    for test in testDevices {
      var generator = RandomGenerator(seed: 5)
      let found = try Tensor.normal([7, 9], using: &generator, on: test.device).floats()
      #expect(found == wanted && generator == first)
    }
  }
}
