import Corpus
import TestFixtures
import Testing

/// Windows of ids: cut, shuffled, skipped, counted, split.
@Suite struct TokenWindowsTests {
  private let ids = Array(100..<123)

  private func rows(_ selection: WindowSelection) throws -> [[Int32]] {
    let windows = try selection.windows(of: ids)
    return (0..<windows.count).map { Array(windows[$0]) }
  }

  @Test func theTailIsDropped() throws {
    #expect(
      try rows(WindowSelection(length: 5)) == [
        [100, 101, 102, 103, 104], [105, 106, 107, 108, 109], [110, 111, 112, 113, 114],
        [115, 116, 117, 118, 119],
      ])
    #expect(try rows(WindowSelection(length: 23)).count == 1)
    #expect(WindowSelection().length == 256)
  }

  @Test func skipComesBeforeSamples() throws {
    let all = try rows(WindowSelection(length: 3))
    #expect(try rows(WindowSelection(length: 3, samples: 2, skip: 4)) == Array(all[4..<6]))
    #expect(try rows(WindowSelection(length: 3, skip: 6)) == [all[6]])
  }

  /// Shuffled first: the same seed with another skip takes other windows of one order.
  @Test func shuffleComesBeforeSkip() throws {
    let all = try rows(WindowSelection(length: 3))
    let shuffled = try rows(WindowSelection(length: 3, shuffleSeed: 5))
    #expect(shuffled != all && Set(shuffled) == Set(all))
    let part = WindowSelection(length: 3, samples: 2, skip: 3, shuffleSeed: 5)
    #expect(try rows(part) == Array(shuffled[3..<5]))
    #expect(try rows(WindowSelection(length: 3, shuffleSeed: 6)) != shuffled)
  }

  @Test func tooFewWindows() throws {
    func error(_ selection: WindowSelection, _ ids: [Int]) -> String? {
      message { try selection.windows(of: ids) }
    }
    #expect(
      error(WindowSelection(length: 5, samples: 5), ids)
        == "there are 4 windows of 5 tokens; skip 0 leaves 4, but 5 are asked for")
    #expect(
      error(WindowSelection(length: 5, samples: 2, skip: 3), ids)
        == "there are 4 windows of 5 tokens; skip 3 leaves 1, but 2 are asked for")
    #expect(
      error(WindowSelection(length: 5, skip: 9), ids)
        == "there are 4 windows of 5 tokens; skip 9 leaves 0, but 1 are asked for")
    #expect(
      error(WindowSelection(length: 24), ids)
        == "the text has 23 tokens, too few for one window of 24; give a smaller length")
    #expect(error(WindowSelection(), []) == "the text is empty: there is no window to take")
    #expect(
      error(WindowSelection(length: 0, samples: 0, skip: -1), ids)
        == "length and samples must be at least 1 and skip at least 0; they are 0, 0 and -1")
  }

  @Test func idsMustFillTheirWindows() throws {
    #expect(
      message { try TokenWindows([1, 2, 3], length: 2) }
        == "windows of 2 ids cannot be made of 3 ids without a rest")
    #expect(
      message { try TokenWindows([], length: 2) }
        == "windows of 2 ids cannot be made of 0 ids without a rest")
    #expect(message { try TokenWindows([1, -5], length: 2) } == "-5 is no token id")
    #expect(message { try TokenWindows([1 << 31], length: 1) } == "2147483648 is no token id")
  }

  @Test(arguments: testDevices)
  func batchesAndTargets(_ test: TestDevice) throws {
    let model = try Golden("mistral").model(on: test.device)
    let windows = try TokenWindows([1, 2, 3, 4, 5, 6], length: 3)
    let batch = try windows.batch([1, 0], for: model)
    #expect(batch.tensor.shape == [2, 3])
    #expect(try batch.tensor.integers() == [4, 5, 6, 1, 2, 3])
    #expect(try batch.targets().shape == [6])
    #expect(try batch.targets().integers() == [5, 6, -1, 2, 3, -1])
    let single = try TokenWindows([1, 2], length: 1).batch([0, 1], for: model)
    #expect(try single.targets().integers() == [-1, -1])
  }

  @Test func splitsInOrder() throws {
    let windows = try TokenWindows(Array(0..<10), length: 1)
    func sizes(_ fraction: Double) throws -> [Int] {
      let (first, rest) = try windows.split(fraction)
      #expect(first.ids + rest.ids == windows.ids)
      return [first.count, rest.count]
    }
    #expect(try sizes(0.8) == [8, 2])
    #expect(try sizes(0.25) == [3, 7])
    #expect(try sizes(0.001) == [1, 9])
    #expect(try sizes(0.999) == [9, 1])
    for fraction in [0, 1, -0.5, .nan] {
      #expect(
        message { try windows.split(fraction) }
          == "split takes a fraction between 0 and 1, not \(fraction)")
    }
    #expect(
      message { try windows.selecting([0]).split(0.5) }
        == "split needs at least two windows; there is 1")
  }
}
