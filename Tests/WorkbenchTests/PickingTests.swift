import Foundation
import JSONFormat
import TestTools
import Testing
import Workbench

/// Indexing by lists, tensors and masks, against NumPy: Tests/Fixtures/picking.py.
@Suite struct PickingTests {
  private func rules(_ key: String) throws -> [[JSON]] {
    let json = try JSON(
      reading: String(contentsOfFile: fixturePath("tensors/picking.json"), encoding: .utf8))
    return try #require(json[key]?.array).map { $0.array ?? [] }
  }

  @Test func readsWhatNumpyReads() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("x = arange(24).reshape(2, 3, 4)")
    let rows = try rules("reads")
    #expect(rows.count > 500)
    for row in rows {
      let index = try #require(row[0].string)
      guard let shape = row[1].array else {
        let message = try recorded.error("x[\(index)]").message
        #expect(
          message.contains("side by side") || message.contains("neither is 1"),
          "x[\(index)]: \(message)")
        continue
      }
      let text = try recorded.run("y = x[\(index)]\n[y.shape, y.reshape(-1).list()]")
      let wanted = JSON.array([.array(shape), row[2]]).text()
      #expect(text == wanted, "x[\(index)]")
    }
  }

  @Test func writesWhatNumpyWrites() throws {
    let recorded = try RecordingSession()
    let rows = try rules("writes")
    #expect(rows.count > 80)
    for row in rows {
      let (index, width) = (try #require(row[0].string), try #require(row[1].int))
      let text = try recorded.run(
        """
        x = arange(24).reshape(2, 3, 4)
        x[\(index)] = -arange(1, \(width + 1))
        x.reshape(-1).list()
        """)
      #expect(text == row[2].text(), "x[\(index)]")
    }
  }

  @Test(arguments: [
    ("x[tensor([2, 0])].list()", "[3.0, 1.0]"), ("x[x > 1.5].list()", "[2.0, 3.0]"),
    ("x[range(2)].list()", "[1.0, 2.0]"), ("x[tensor([1])].shape", "[1]"),
    ("x[tensor(1)].shape", "[]"), ("x[x > 9].shape", "[0]"),
    ("x[x < 2] = 0\nx.list()", "[0.0, 2.0, 3.0]"),
    ("x[[0, 0]] += 5\nx.list()", "[6.0, 2.0, 3.0]"),
    ("b = x > 1\nb[[0]] = True\n[b.dtype, b[b].list()]", "['bool', [True, True, True]]"),
    ("x[[0, 1]] = x[[1, 0]]\nx.list()", "[2.0, 1.0, 3.0]"),
  ])
  func takesTensorsAndMasks(source: String, shown: String) throws {
    #expect(try RecordingSession().run("x = tensor([1.0, 2.0, 3.0])\n" + source) == shown)
  }

  @Test(arguments: [
    ("x[[9]]", "index 9 is outside axis 0, which has 3 elements"),
    ("x[:, [0, -5]]", "index -5 is outside axis 1, which has 4 elements"),
    ("x[[0.5]]", "a tensor is indexed by ints or truth values, not by a list of f32"),
    ("x[[True, False]]", "a mask of shape [2] does not fit axis 0 of shape [3, 4]"),
    ("x[x.sum(axis=0) > 0]", "a mask of shape [4] does not fit axis 0 of shape [3, 4]"),
    ("x[[0, 1], [0, 1, 2]]", "cannot index by lists of shapes [2] and [3]"),
    ("x[[0], [0], [0]]", "cannot index shape [3, 4]: there are 3 indices for 2 axes"),
    ("x[0, None, [1]]", "lists of indices (and ints beside them) must stand side by side"),
    ("x[[0, 1]] = zeros(3, 3)", "cannot assign shapes [3, 3] and [2, 4]"),
    ("x[[[0], [1, 2]]]", "the lists are ragged"), ("x['a']", "not a string"),
  ])
  func refusalsNameTheShapes(source: String, message: String) throws {
    let error = try RecordingSession().error("x = ones(3, 4)\n" + source)
    #expect(error.message.contains(message), "\(error.message)")
  }
}
