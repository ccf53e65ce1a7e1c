import Checkpoints
import Corpus
import JSONFormat
import Models

extension Importance {
  private static let kind = "pare.importance"

  /// Writes the sums to a `.safetensors`, so that every aggregation can be had of them again.
  /// - Throws: `FileError`, `CheckpointError`.
  public func save(to path: String) throws {
    let sizes: JSON = [
      "layers": .int(architecture.layers), "heads": .int(architecture.heads),
      "ffn": .int(architecture.ffn), "hidden": .int(architecture.hidden),
      "config": .object(configuration.json), "windows": .int(windows), "length": .int(length),
      "model": identity?.json ?? .null, "tokens": tokens.json, "precision": .string(precision),
    ]
    let all = [
      ("heads", headSums), ("pre", preSums), ("post", postSums), ("channels", channelSums),
    ]
    let tensors =
      all.flatMap { $1.writable(prefix: $0) } + [
        WritableTensor(
          name: "group_sizes", shape: [groupSizes.count], integers: groupSizes.map { Int64($0) }),
        WritableTensor(
          name: "distances", shape: [groupSizes.count, architecture.layers],
          floats: distanceSums.flatMap { $0 }),
      ]
    try writeSafetensors(
      path, tensors,
      metadata: [
        ("format", "pt"), ("kind", Self.kind), ("model", modelName), ("sizes", sizes.text()),
      ])
  }

  /// The importance that `save` wrote; nil for a file of anything else.
  /// - Throws: `CheckpointError` for a file that says it is one and is not whole.
  public init?(_ file: SafetensorsFile) throws {
    func metadata(_ key: String) -> String? { file.metadata.first { $0.key == key }?.value }
    guard metadata("kind") == Self.kind else { return nil }
    func fault(_ name: String) -> CheckpointError {
      CheckpointError(file: file.path, tensor: name, reason: "is missing or of another shape")
    }
    guard let name = metadata("model"), let text = metadata("sizes"),
      let sizes = try? JSON(reading: text), let config = sizes["config"],
      let windows = sizes["windows"]?.int, let length = sizes["length"]?.int,
      (1...Int(Int32.max)).contains(windows), (1...Int(Int32.max)).contains(length)
    else { throw fault("sizes") }
    // Files of the first version name neither the weights nor the windows.
    let identity = sizes["model"].flatMap { ModelIdentity($0) }
    let tokens =
      sizes["tokens"].flatMap { TokensIdentity($0) }
      ?? TokensIdentity(fingerprint: "", windows: windows, length: length)
    guard tokens.windows == windows, tokens.length == length else { throw fault("sizes") }
    let configuration = try Configuration(config, file: file.path + ", its model's config")
    let sizesOfModel = configuration.architecture
    guard let groups = try file.tensor(named: "group_sizes")?.integers(),
      (1...Self.maximumGroups).contains(groups.count),
      groups.allSatisfy({ $0 > 0 && $0 <= Int64(windows) }),
      groups.reduce(0, +) == Int64(windows)
    else { throw fault("group_sizes") }
    func sums(_ prefix: String, _ units: Int) throws -> WindowSums {
      guard let sums = try WindowSums(file, prefix: prefix, units: units, groups: groups.count)
      else { throw fault(prefix) }
      return sums
    }
    let layers = sizesOfModel.layers
    guard let distances = file.tensor(named: "distances"),
      distances.shape == [groups.count, layers]
    else { throw fault("distances") }
    let flat = try distances.floats()
    self.init(
      modelName: name, configuration: configuration, identity: identity,
      scored: ScoredWeights(nil), tokens: tokens,
      precision: sizes["precision"]?.string ?? "f32", groupSizes: groups.map { Int($0) },
      headSums: try sums("heads", layers * sizesOfModel.heads),
      preSums: try sums("pre", layers * sizesOfModel.ffn),
      postSums: try sums("post", layers * sizesOfModel.ffn),
      channelSums: try sums("channels", 2 * layers * sizesOfModel.hidden),
      distanceSums: groups.indices.map { Array(flat[$0 * layers..<($0 + 1) * layers]) })
  }
}

extension WindowSums {
  /// One tensor [2, groups, units] of means and squared deviations for each aggregation over
  /// positions.
  func writable(prefix: String) -> [WritableTensor] {
    Aggregation.allCases.map { sequence in
      WritableTensor(
        name: "\(prefix).\(sequence.rawValue)", shape: [2, groups, units], floats: stored(sequence))
    }
  }

  /// The sums that `writable` gave; nil where a tensor is missing or of another shape.
  init?(_ file: SafetensorsFile, prefix: String, units: Int, groups: Int) throws {
    // The shapes first: what a lying header declares is not allocated.
    let tensors = Aggregation.allCases.map { file.tensor(named: "\(prefix).\($0.rawValue)") }
    guard tensors.allSatisfy({ $0?.shape == [2, groups, units] }) else { return nil }
    self.init(units: units, groups: groups)
    for (sequence, tensor) in zip(Aggregation.allCases, tensors) {
      if let tensor { restore(sequence, from: try tensor.floats()) }
    }
  }
}
