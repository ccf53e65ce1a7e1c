import Checkpoints
import Evaluation
import Files
import Kernels
import Models

/// Prunes a checkpoint's folder into another without loading it: weights go from disk to disk a few
/// rows at a time, in the type that they are stored in.
///
/// - Parameters:
///   - source: a Hugging Face folder; it is not changed.
///   - target: the folder to write, whole or not at all; a checkpoint already there is replaced.
///   - importance: the scores to rank by; needed for sizes, not for `drop`.
///   - depth: what chooses the block of layers that goes, in place of the scores.
///   - progress: told of the weights' elements written.
/// - Returns: what was cut, as a plan.
/// - Throws: `CompressionError` for sizes that are not possible, scores of another model, or a
///   target that is the source; `FileError`, `CheckpointError`; `Interrupted`, and the target is as
///   it was.
@discardableResult
public func prune(
  folder source: String, to target: String, _ request: PruningRequest,
  by importance: Importance? = nil, depth: DepthImportance? = nil, residual: Bool = false,
  progress: Progress? = nil
) throws -> Plan {
  let checkpoint = try StoredModel(folder: source)
  guard !request.isEmpty else {
    throw CompressionError.invalid(
      "prune needs a size: hidden=, ffn=, heads=, layers= or drop=, or a masked model")
  }
  guard !target.isEmpty else {
    throw CompressionError.invalid("to= is empty: give the folder to write")
  }
  let target = canonicalPath(target)
  try refuseSamePlace(source, target)
  try Model.refuseForeignFolder(target)
  if let importance { try requireScores(of: importance, for: checkpoint) }
  let identity = try ModelIdentity(of: checkpoint)
  try depth?.require(identity)
  let cut = try Cut(
    checkpoint.configuration, request, by: importance, depth: depth, residual: residual)
  if let obstacle = cut.result.obstacleToSaving {
    throw CompressionError.invalid("the student cannot be saved: \(obstacle)")
  }
  let type = checkpoint.storedType
  let dtype = type.configName ?? type.rawValue
  var done = 0
  let all = cut.result.parameters
  let tensors = try cut.weights.map { weight in
    let reader = StoredCut(weight, of: try checkpoint.weight(weight.source))
    return WritableTensor(
      name: weight.name, type: type, shape: weight.shape,
      values: .floats { range, output in
        try Interrupt.check()
        try reader.read(range, into: output)
        done += range.count
        try progress?(done, all)
      })
  }
  let provenance = Provenance(
    cuts: (checkpoint.provenance?.cuts ?? []) + [cut.provenance(of: identity)])
  try writeFolder(target) { folder in
    try writeShardedSafetensors(folder: folder, tensors)
    let files =
      checkpoint.text.files
      + Model.descriptions(cut.result, dtype: dtype, provenance: provenance)
    for file in files {
      try writeFile(folder + "/" + file.name) { try $0.write(file.content) }
    }
  }
  return Plan(from: checkpoint.configuration, to: cut.result)
}

private func refuseSamePlace(_ source: String, _ target: String) throws {
  guard canonicalPath(source) != canonicalPath(target) else {
    throw CompressionError.invalid(
      "to= is the folder that is read: give another, the checkpoint itself stays as it is")
  }
}
