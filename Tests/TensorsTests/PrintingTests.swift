import Kernels
import Tensors
import TestFixtures
import Testing

/// Tensors as text, to the letter.
@Suite struct PrintingTests {
  @Test func scalarsAndVectors() throws {
    #expect(try tensor([3], []).printed() == "tensor(3.)  f32 [] cpu")
    #expect(try tensor([], [0]).printed() == "tensor([])  f32 [0] cpu")
    #expect(
      try tensor([1, -2, 0.5], [3]).printed() == "tensor([ 1.0000, -2.0000,  0.5000])  f32 [3] cpu")
    #expect(
      try Tensor([1, -20, 300] as [Int64], shape: [3], on: anyDevice).printed()
        == "tensor([  1, -20, 300])  i64 [3] cpu")
    #expect(
      try Tensor([true, false], shape: [2], on: anyDevice).printed()
        == "tensor([ True, False])  bool [2] cpu")
  }

  @Test func specialAndExtremeNumbers() throws {
    #expect(
      try tensor([.nan, .infinity, -.infinity, 1], [4]).printed()
        == "tensor([ nan,  inf, -inf,   1.])  f32 [4] cpu")
    #expect(
      try tensor([1e-7, 0.25], [2]).printed() == "tensor([1.0000e-07, 2.5000e-01])  f32 [2] cpu")
    #expect(
      try tensor([1.5e6, 0.5], [2]).printed() == "tensor([1.5000e+06, 5.0000e-01])  f32 [2] cpu")
    #expect(try tensor([1e7, 2], [2]).printed() == "tensor([10000000.,        2.])  f32 [2] cpu")
  }

  @Test func matrices() throws {
    #expect(
      try tensor([1, 2, 3, 4.5], [2, 2]).printed() == """
        tensor([[1.0000, 2.0000],
                [3.0000, 4.5000]])  f32 [2, 2] cpu
        """)
    #expect(
      try Tensor.range(0, 8, step: 1, on: anyDevice).reshaped([2, 2, 2]).printed() == """
        tensor([[[0, 1],
                 [2, 3]],

                [[4, 5],
                 [6, 7]]])  i64 [2, 2, 2] cpu
        """)
    #expect(
      try Tensor.full([2, 0], 1, on: anyDevice).printed()
        == "tensor([[],\n        []])  f32 [2, 0] cpu")
  }

  @Test func longOnesAreCut() throws {
    #expect(
      try Tensor.range(0, 2000, step: 1, on: anyDevice).printed()
        == "tensor([   0,    1,    2, ..., 1997, 1998, 1999])  i64 [2000] cpu")
    #expect(
      try Tensor.range(0, 2000, step: 1, on: anyDevice).reshaped([200, 10]).printed() == """
        tensor([[   0,    1,    2, ...,    7,    8,    9],
                [  10,   11,   12, ...,   17,   18,   19],
                [  20,   21,   22, ...,   27,   28,   29],
                ...,
                [1970, 1971, 1972, ..., 1977, 1978, 1979],
                [1980, 1981, 1982, ..., 1987, 1988, 1989],
                [1990, 1991, 1992, ..., 1997, 1998, 1999]])  i64 [200, 10] cpu
        """)
    let lines = try Tensor.range(0, 40, step: 1, on: anyDevice).printed().split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.count <= 110 })
    #expect(lines[1].hasPrefix("        20, 21, ") || lines[1].hasPrefix("        2"))
  }
}
