import Kernels
import Models
import Tensors

// Where a number that is not finite came from; asked only when a step has failed.
extension Trainer {
  /// The error for a step's loss that is not finite: the weight that holds a NaN or an infinity, or
  /// the first activation that does when the step's windows go through the models again.
  func nonFiniteLoss(_ loss: Double, at step: Int) throws -> ModelError {
    // A NaN's sign means nothing, yet it would be printed.
    let fault = "the loss is \(loss.isNaN ? "nan" : "\(loss)") at step \(step)"
    for model in [teacher, model].compactMap({ $0 }) {
      if let name = try model.nonFiniteWeight() {
        return .weights(
          "\(fault): the weight '\(name)' of \(model.name) holds a NaN or an infinity")
      }
    }
    for (name, tensor) in objective.learned where try !tensor.isFinite() {
      return .weights("\(fault): '\(name)' of the loss holds a NaN or an infinity")
    }
    for pass in 0..<run.settings.accumulate {
      let windows = windows(ofPass: pass, at: step)
      if let teacher, let first = try firstFault(of: teacher, "the teacher", in: windows) {
        return .invalid("\(fault): \(first); this teacher cannot teach these windows")
      }
      if let first = try firstFault(of: model, "the student", in: windows) {
        return .invalid("\(fault): \(first); a smaller lr or a longer warmup may keep it finite")
      }
    }
    return .invalid(
      "\(fault), though all weights and activations are finite: it was the logits or the loss itself "
        + "that passed the range of f32; a smaller lr may keep it finite")
  }

  /// The error for a gradient that is not finite though the loss is.
  func nonFiniteGradient(_ gradients: Gradients, at step: Int) throws -> ModelError {
    let names = model.weights.names + objective.learned.map(\.name)
    // Gradients come from the loss down: the first to be wrong is the last in the model's order.
    guard let last = try optimizer.faults(in: gradients).last else {
      return .invalid(
        "the gradient's norm at step \(step) passes the range of f32: the loss is too steep here; a "
          + "smaller lr may keep it finite")
    }
    return .invalid(
      "the gradient of '\(names[last])' at step \(step) holds a NaN or an infinity, though the loss "
        + "is finite; a smaller lr may keep it finite")
  }

  /// Which activation first held a NaN or an infinity, and in which of the windows.
  private func firstFault(
    of model: Model, _ role: String, in windows: [Int]
  ) throws -> String? {
    let wasTracked = model.weights.all.map(\.isTracked)
    for weight in model.weights.all { weight.isTracked = false }
    defer { for (weight, flag) in zip(model.weights.all, wasTracked) { weight.isTracked = flag } }
    let ids = try tokens.batch(windows, for: model)
    do {
      _ = try model.hidden(ids) { activation, layer, value in
        guard try !value.isFinite() else { return }
        throw FirstFault(
          name: activation.name(layer: layer),
          windows: try value.nonFiniteRows().map { windows[$0] })
      }
      return nil
    } catch let fault as FirstFault {
      let places = fault.windows.map(String.init).joined(separator: ", ")
      return "\(fault.name) of \(role) \(model.name) is the first to hold a NaN or an infinity, in "
        + (fault.windows.count == 1 ? "window " : "windows ") + places
    }
  }
}

/// Ends a forward pass at the first activation that is not finite.
private struct FirstFault: Error {
  let name: String
  let windows: [Int]
}

extension Tensor {
  /// Whether all elements are finite.
  fileprivate func isFinite() throws -> Bool {
    try device.isFinite(region, count: count)
  }

  /// The places on the first axis that hold an element that is not finite.
  fileprivate func nonFiniteRows() throws -> [Int] {
    let width = count / Swift.max(shape.first ?? 1, 1)
    return try (0..<(shape.first ?? 0)).filter {
      try !device.isFinite(region.advanced(by: $0 * width), count: width)
    }
  }
}
