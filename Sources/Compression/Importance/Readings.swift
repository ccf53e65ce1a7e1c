import Kernels
import Models
import Tensors

/// What one pass of some windows reads of a model's activations: kept together on the device while
/// the pass runs, and copied to the host at its end.
final class Readings {
  private let memory: Tensor
  private var used = 0
  private var receivers: [(Range<Int>, (ArraySlice<Float>) -> Void)] = []

  /// Room for the moments of every head, neuron (before and after its activation) and channel (of
  /// both norms), and for a cosine of every position, in each layer.
  init(of model: Model, windows: Int, length: Int) throws {
    let width = Self.width(in: model.architecture, length: length)
    memory = try Tensor(
      uninitialized: [model.architecture.layers, windows, width], on: model.device)
  }

  /// Numbers of a window in one layer.
  private static func width(in sizes: Architecture, length: Int) -> Int {
    Aggregation.allCases.count * (sizes.heads + 2 * sizes.ffn + 2 * sizes.hidden) + length
  }

  /// The bytes that a window's readings take on the device.
  static func bytes(of sizes: Architecture, length: Int) -> Int {
    sizes.layers * width(in: sizes, length: length) * ElementType.f32.size
  }

  /// Every window's aggregations over its positions; value [batch, time, width]. `receive` is given
  /// [batch, width] for each aggregation.
  func takeMoments(
    of value: Tensor, _ receive: @escaping (Aggregation, ArraySlice<Float>) -> Void
  ) throws {
    let (batch, time, width) = (value.shape[0], value.shape[1], value.shape[2])
    func target(_ aggregation: Aggregation) -> Region {
      place(batch * width) { receive(aggregation, $0) }
    }
    try value.device.timeMoments(
      value.region, batch: batch, time: time, width: width, absoluteMean: target(.mean),
      norm: target(.l2), variance: target(.var))
  }

  /// The cosine at every position between two values [batch, time, width]; `receive` is given
  /// [batch, time].
  func takeCosines(
    of x: Tensor, _ y: Tensor, _ receive: @escaping (ArraySlice<Float>) -> Void
  ) throws {
    let (rows, width) = (x.shape[0] * x.shape[1], x.shape[2])
    try x.device.rowCosines(
      x.region, y.region, rows: rows, width: width, to: place(rows, receive))
  }

  /// Copies all to the host and gives each reading to its receiver, in the order they were taken.
  func handOver() throws {
    let values = try Tensor(memory.region, shape: [used]).floats()
    for (range, receive) in receivers { receive(values[range]) }
  }

  private func place(_ count: Int, _ receive: @escaping (ArraySlice<Float>) -> Void) -> Region {
    precondition(used + count <= memory.count, "more readings than there is room for")
    receivers.append((used..<used + count, receive))
    defer { used += count }
    return memory.region.advanced(by: used)
  }
}
