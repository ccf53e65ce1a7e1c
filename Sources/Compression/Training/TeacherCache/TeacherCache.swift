import Checkpoints
import Corpus
import Files
import JSONFormat
import Kernels
import Models
import Tensors

/// What of a teacher's logits a cache keeps.
public enum TeacherCacheContent: Sendable, Equatable {
  /// All logits, in f32 or bf16.
  case whole(StoredType)
  /// The largest log-probabilities of each position, and the mass of the other ids.
  case largest(Int)

  /// As errors and metadata call it.
  package var name: String {
    switch self {
    case .whole(let type): "whole logits in \(type.rawValue)"
    case .largest(let count): "the \(count) largest log-probabilities"
    }
  }
}

/// A teacher's logits for all positions of some windows, in a memory-mapped file: made once, read
/// by every run of a sweep.
///
/// The file is a `.safetensors` whose row r belongs to position r of all ids. Whole: `logits`
/// [positions, vocab]. The largest k: `largest` f32 [positions, 2k], k log-probabilities (nats,
/// temperature 1) in falling order and then their ids, the lower id first on ties; `remaining` f32
/// [positions], the probability of all other ids. Its metadata says which teacher, which ids, and
/// the type of the products' operands (f32 or bf16) that it was made with.
public final class TeacherCache {
  /// The file.
  public let path: String
  /// What it keeps.
  public let content: TeacherCacheContent
  /// The mean and the largest probability that a cache of the largest leaves out, over positions.
  public let remaining: (mean: Double, largest: Double)?
  private let tokens: TokensIdentity
  private let vocabulary: Int
  private let rows: StoredTensor
  private let masses: [Float]

  /// Opens a cache.
  /// - Throws: `CompressionError` where the file holds another teacher's logits, other windows or
  ///   another content, with both names; `CheckpointError` for a file that is damaged.
  init(
    reading path: String, _ content: TeacherCacheContent, teacher: ModelIdentity,
    vocabulary: Int, tokens: TokensIdentity, precision: Precision
  ) throws {
    let file = try SafetensorsFile(path: path)
    try TeacherCacheKey(
      content, teacher: teacher, tokens: tokens, precision: precision
    ).check(file)
    let positions = tokens.windows * tokens.length
    let (name, width) = content.rows(vocabulary: vocabulary)
    guard let rows = file.tensor(named: name), rows.shape == [positions, width],
      rows.type.isFloat
    else {
      throw CheckpointError(
        file: path, tensor: name, reason: "is missing or not of shape [\(positions), \(width)]")
    }
    self.path = path
    self.content = content
    self.tokens = tokens
    self.vocabulary = vocabulary
    self.rows = rows
    guard case .largest = content else {
      masses = []
      remaining = nil
      return
    }
    guard let masses = try file.tensor(named: "remaining")?.floats(), masses.count == positions
    else {
      throw CheckpointError(
        file: path, tensor: "remaining", reason: "is missing or not of shape [\(positions)]")
    }
    self.masses = masses
    let sum = masses.reduce(0) { $0 + Double($1) }
    remaining = (sum / Double(max(positions, 1)), Double(masses.max() ?? 0))
  }

  /// Refuses what this cache does not hold.
  /// - Throws: `CompressionError` with the reason.
  func check(holds loss: DistillationLoss, _ other: TokenWindows) throws {
    guard other.identity == tokens else {
      throw CompressionError.invalid("the cache \(path) is of other windows than these")
    }
    try content.check(serves: loss)
  }
}

extension TeacherCacheContent {
  /// Refuses a loss that needs more than is kept.
  /// - Throws: `CompressionError` with the reason.
  func check(serves loss: DistillationLoss) throws {
    for part in loss.parts where part.term.isOnStates {
      throw CompressionError.invalid(
        "'\(part.term.rawValue)' compares states inside the teacher, and a cache holds its logits "
          + "alone: leave cache= out")
    }
    guard case .largest(let count) = self else { return }
    for part in loss.parts {
      let name = part.term.rawValue
      switch part.term {
      case .reverseKL, .mse, .cosine:
        throw CompressionError.invalid(
          "'\(name)' compares every logit, and the cache holds the \(count) largest of each "
            + "position: make one of whole logits, cache=\"PATH\"")
      case .kl where loss.temperature != 1:
        throw CompressionError.invalid(
          "the cache holds the \(count) largest log-probabilities at temperature 1: what they "
            + "leave at temperature \(loss.temperature) is not known; make one of whole logits, "
            + "cache=\"PATH\"")
      case .topKL where loss.k > count:
        throw CompressionError.invalid(
          "'topk_kl' with k=\(loss.k) needs more than the \(count) largest that the cache holds")
      default: break
      }
    }
  }
}

extension TeacherCache {
  /// Writes the logits of a chunk of ids to `target` [rows, columns], on its device.
  /// - Throws: what the device throws.
  func read(_ windows: [Int], firstId: Int, into target: Tensor) throws {
    let columns = target.shape[1]
    var values = [Float](repeating: 0, count: target.count)
    try values.withUnsafeMutableBufferPointer { buffer in
      for (row, position) in positions(windows).enumerated() {
        let start = position * vocabulary + firstId
        try rows.readFloats(
          start..<start + columns,
          into: UnsafeMutableBufferPointer(
            rebasing: buffer[row * columns..<(row + 1) * columns]))
      }
    }
    try values.withUnsafeBytes { try target.device.upload($0, to: target.region) }
  }

  /// What is kept of the windows' predictions; nil in a cache of whole logits.
  /// - Throws: `CheckpointError` for ids outside the vocabulary; what the device throws.
  func largest(_ windows: [Int], on device: any Device) throws -> LargestPredictions? {
    guard case .largest(let count) = content else { return nil }
    var logs: [Float] = []
    var ids: [Int64] = []
    var row = [Float](repeating: 0, count: 2 * count)
    let positions = positions(windows)
    for position in positions {
      try row.withUnsafeMutableBufferPointer {
        try rows.readFloats(position * 2 * count..<(position + 1) * 2 * count, into: $0)
      }
      logs += row[..<count]
      for id in row[count...] {
        guard id >= 0, id < Float(vocabulary), id == id.rounded() else {
          throw rows.fault("holds the id \(id) at position \(position)")
        }
        ids.append(Int64(id))
      }
    }
    let shape = [positions.count, count]
    return LargestPredictions(
      logProbabilities: try Tensor(logs, shape: shape, on: device),
      ids: try Tensor(ids, shape: shape, on: device),
      remaining: try Tensor(
        positions.map { masses[$0] }, shape: [positions.count, 1], on: device))
  }

  private func positions(_ windows: [Int]) -> [Int] {
    windows.flatMap { $0 * tokens.length..<($0 + 1) * tokens.length }
  }
}

extension TeacherCacheContent {
  /// The tensor that has a row for each position, and that row's width.
  func rows(vocabulary: Int) -> (name: String, width: Int) {
    switch self {
    case .whole: ("logits", vocabulary)
    case .largest(let count): ("largest", 2 * count)
    }
  }
}
