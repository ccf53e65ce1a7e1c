import Checkpoints
import Files
import JSONFormat
import Models
import Tensors

/// What a run goes on from, beside what its configuration says.
struct RunCheckpoint {
  /// Updates made.
  let step: Int

  static func statePath(_ folder: String) -> String { folder + "/state.json" }
  static func optimizerPath(_ folder: String) -> String {
    folder + "/optimizer.safetensors"
  }
  static func modelPath(_ folder: String) -> String { folder + "/model" }

  /// Reads a checkpoint's state.
  /// - Throws: `FileError` for one that is damaged.
  init(folder: String) throws {
    let path = Self.statePath(folder)
    guard let json = try? MappedFile(path: path).withBytes({ try JSON(reading: $0) }),
      let step = json["step"]?.int, (0...Int(Int32.max)).contains(step)
    else { throw FileError(path: path, reason: "is missing or damaged") }
    self.step = step
  }
}

/// What training changes: the weights under their names, the loss's own parameters, the optimizer
/// of both in this order.
struct TrainingState {
  let model: Model
  let learned: [(name: String, tensor: Tensor)]
  let optimizer: Optimizer

  private var names: [String] { model.weights.names + learned.map(\.name) }

  /// Writes a checkpoint into a folder, every file of it to the disk.
  /// - Parameter state: what `state.json` says beside the step.
  func write(to folder: String, _ state: JSONObject) throws {
    try model.save(to: RunCheckpoint.modelPath(folder), as: .f32)
    try synchronizeFolder(RunCheckpoint.modelPath(folder))
    var tensors = learned.map { $0.tensor.writable(name: "learned." + $0.name, as: .f32) }
    for (name, moments) in zip(names, optimizer.moments) {
      tensors.append(moments.first.writable(name: "first." + name, as: .f32))
      tensors.append(moments.second.writable(name: "second." + name, as: .f32))
    }
    try writeSafetensors(RunCheckpoint.optimizerPath(folder), tensors)
    let text = JSON.object(state).text(indent: 2) + "\n"
    try writeFile(RunCheckpoint.statePath(folder)) { try $0.write(text) }
  }

  /// Gives weights, learned parameters and moments the values of a checkpoint; the parameters
  /// change after everything that can fail.
  func restore(_ checkpoint: RunCheckpoint, from folder: String) throws {
    let path = RunCheckpoint.optimizerPath(folder)
    let file = try SafetensorsFile(path: path)
    func stored(_ name: String, shape: [Int]) throws -> StoredTensor {
      guard let tensor = file.tensor(named: name), tensor.shape == shape, tensor.type == .f32 else {
        throw CheckpointError(
          file: path, tensor: name, reason: "is missing, or not f32 of shape \(shape)")
      }
      return tensor
    }
    let saved = try StoredModel(folder: RunCheckpoint.modelPath(folder))
    guard saved.configuration.weightShapes.map(\.name) == model.weights.names else {
      throw CompressionError.invalid(
        "the weights in \(RunCheckpoint.modelPath(folder)) are not those of \(model.name)")
    }
    let values = try zip(model.weights.names, model.weights.all).map { name, weight in
      let value = try saved.weight(name).load(on: model.device)
      guard value.shape == weight.shape else {
        throw CompressionError.invalid(
          "the weights in \(RunCheckpoint.modelPath(folder)) are not those of \(model.name)")
      }
      return value
    }
    let extras = try learned.map {
      try stored("learned." + $0.name, shape: $0.tensor.shape).load(on: model.device)
    }
    try optimizer.restore(step: checkpoint.step, values: values + extras) {
      index, moments in
      for (prefix, moment) in [("first.", moments.first), ("second.", moments.second)] {
        try stored(prefix + names[index], shape: moment.shape).read(into: moment)
      }
    }
    model.provenance = saved.provenance
  }
}

extension StoredTensor {
  /// Reads all elements into a tensor of this shape.
  fileprivate func read(into tensor: Tensor) throws {
    try tensor.device.produce(tensor.region, count: count, granularity: 256) { output, range in
      try readFloats(range, into: output)
    }
  }
}
