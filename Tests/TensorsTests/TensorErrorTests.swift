import Kernels
import Tensors
import TestFixtures
import Testing

/// What operations refuse, to the letter.
@Suite struct TensorErrorTests {
  private func zeros(_ shape: [Int]) throws -> Tensor { try Tensor.full(shape, 0, on: anyDevice) }

  @Test func products() throws {
    #expect(
      message { try zeros([2, 3]).matmul(zeros([4, 5])) }
        == "cannot multiply shapes [2, 3] and [4, 5]: 3 columns meet 4 rows")
    #expect(
      message { try zeros([3]).matmul(zeros([4])) }
        == "cannot multiply shapes [3] and [4]: 3 columns meet 4 rows")
    #expect(
      message { try zeros([]).matmul(zeros([4])) }
        == "cannot multiply shapes [] and [4]: @ takes no scalars, * does")
    #expect(
      message { try zeros([2, 2, 3]).matmul(zeros([3, 3, 4])) }
        == "cannot multiply shapes [2, 2, 3] and [3, 3, 4]: sizes 2 and 3 of axis 0 differ, and "
        + "neither is 1")
    let integers = try Tensor([1, 2] as [Int64], shape: [2, 1, 1], on: anyDevice)
    #expect(
      message { try integers.matmul(integers) }
        == "cannot multiply shapes [2, 1, 1] and [2, 1, 1]: a product of integers takes a matrix "
        + "on the right; convert to floats first")
  }

  @Test func broadcasting() throws {
    #expect(
      message { try zeros([2, 3]).plus(zeros([4])) }
        == "cannot add shapes [2, 3] and [4]: sizes 3 and 4 of axis 1 differ, and neither is 1")
    #expect(
      message { try zeros([2]).divided(by: zeros([3])) }
        == "cannot divide shapes [2] and [3]: sizes 2 and 3 of axis 0 differ, and neither is 1")
    #expect(
      message { try zeros([2, 3]).broadcast(to: [3]) }
        == "cannot broadcast shapes [2, 3] and [3]: the target is smaller")
    #expect(
      message { try zeros([2]).assign(zeros([3])) }
        == "cannot assign shapes [3] and [2]: the value does not broadcast to the place")
  }

  @Test func shapes() throws {
    #expect(
      message { try zeros([2, 3]).reshaped([4, 2]) }
        == "cannot reshape shapes [2, 3] and [4, 2]: 6 elements do not fill it")
    #expect(
      message { try zeros([2, -3]) } == "cannot make shape [2, -3]: sizes cannot be negative")
    #expect(
      message { try zeros([1 << 40, 1 << 40]) }
        == "cannot make shape [1099511627776, 1099511627776]: it has too many elements")
    #expect(
      message { try tensor([1, 2, 3], [2]) } == "cannot fill shape [2]: there are 3 values")
    #expect(
      message { try zeros([2, 3]).transposed([0, 0]) }
        == "cannot transpose shape [2, 3]: [0, 0] is no permutation of its axes")
    #expect(
      message { try Tensor.concatenated([zeros([2, 3]), zeros([2, 4])]) }
        == "cannot join shapes [2, 3] and [2, 4]: all axes but axis 0, and the types, must agree")
    #expect(message { try Tensor.concatenated([]) } == "concat needs a tensor")
    #expect(
      message { try zeros([2, 3]).item() }
        == "cannot take the item of shape [2, 3]: it has 6 elements, not 1")
    #expect(
      message { try zeros([0, 3]).max() }
        == "cannot take the max of shape [0, 3]: there are no elements")
    #expect(
      message { try zeros([]).softmax() } == "cannot take the softmax of shape []: it has no axis")
  }

  @Test func indices() throws {
    #expect(
      message { try zeros([2, 3]).indexed([.at(0), .at(-4)]) }
        == "index -4 is outside axis 1, which has 3 elements")
    #expect(
      message { try zeros([2]).indexed([.at(0), .at(0)]) }
        == "cannot index shape [2]: there are 2 indices for 1 axes")
    #expect(
      message { try zeros([2]).indexed([.slice(start: 0, end: 1, step: 0)]) }
        == "a slice needs a step other than 0")
    #expect(
      message { try zeros([2, 3]).sum(axis: 2) } == "axis 2 is outside a tensor with 2 axes")
    #expect(
      message { try zeros([2, 3]).rows(Tensor([2] as [Int64], shape: [1], on: anyDevice)) }
        == "index 2 is outside axis 0, which has 2 elements")
    #expect(
      message { try Tensor.range(0, 5, step: 0, on: anyDevice) }
        == "arange needs a step other than 0")
    #expect(
      message { try Tensor.range(.min, .max, step: 1, on: anyDevice) }
        == "arange spans more than 64 bits")
  }

  @Test func types() throws {
    #expect(
      message { try zeros([2]).inverted() }
        == "not takes a tensor of type bool, not a tensor of type f32")
    #expect(
      message { try zeros([2]).binary(.and, zeros([2])) }
        == "and takes tensors of type bool, not a tensor of type f32")
    #expect(
      message { try Tensor.select(zeros([2]), zeros([2]), zeros([2])) }
        == "where takes a condition of type bool, not a tensor of type f32")
  }

  @Test func devices() throws {
    let other = try Tensor.full([2], 0, on: CPUDevice(threads: 1))
    #expect(
      message { try zeros([2]).plus(other) }
        == "cannot add tensors on cpu and cpu: move one with .to(\"cpu\")")
    #expect(
      message { try zeros([2]).matmul(other) }
        == "cannot multiply tensors on cpu and cpu: move one with .to(\"cpu\")")
  }

  @Test func memory() throws {
    let text = try #require(message { try zeros([1 << 50]) })
    #expect(text.hasPrefix("needs 4294967296 MB of memory, but cpu has "))
    #expect(text.hasSuffix(" MB available"))
  }
}
