import Checkpoints
import Corpus
import Evaluation
import Files
import Foundation
import Kernels
import Models
import Tensors

extension TeacherCache {
  /// Opens the cache at a path, after making it where nothing is there.
  /// - Parameter progress: windows done and all, while it is made.
  /// - Throws: `CompressionError` for a cache of anything else, a content that does not fit the
  ///   vocabulary, or too full a disk; `FileError`; `ModelError` for logits that are not finite;
  ///   `Interrupted`. Nothing is at the path then that was not there before.
  public static func open(
    _ path: String, _ content: TeacherCacheContent, teacher: Model, tokens: TokenWindows,
    progress: Evaluation.Progress? = nil
  ) throws -> TeacherCache {
    let vocabulary = teacher.architecture.vocab
    try check(content, vocabulary: vocabulary)
    if teacher.mask != nil {
      throw CompressionError.invalid(
        "a cache takes no masked teacher: its identity is the model's without the mask")
    }
    let identity = try ModelIdentity(of: teacher)
    let precision = teacher.device.precision
    if kind(ofFile: path) == .missing {
      try requireSpace(path, content, vocabulary: vocabulary, positions: tokens.ids.count)
      let key = TeacherCacheKey(
        content, teacher: identity, tokens: tokens.identity, precision: precision)
      try make(path, content, key, teacher, tokens, progress)
    }
    return try TeacherCache(
      reading: path, content, teacher: identity, vocabulary: vocabulary, tokens: tokens.identity,
      precision: precision)
  }

  private static func check(_ content: TeacherCacheContent, vocabulary: Int) throws {
    switch content {
    case .whole(.f32), .whole(.bf16): break
    case .whole(let type):
      throw CompressionError.invalid("a cache keeps logits in f32 or bf16, not \(type.rawValue)")
    case .largest(let count):
      let most = min(DistillationLoss.largestK, vocabulary)
      guard (1...most).contains(count) else {
        throw CompressionError.invalid("top must be between 1 and \(most), not \(count)")
      }
      // Ids are kept as floats.
      guard vocabulary <= 1 << 24 else {
        throw CompressionError.invalid("a cache of the largest takes at most \(1 << 24) ids")
      }
    }
  }

  /// Refuses a cache that the disk of its path has no room for.
  /// - Parameter free: the bytes that the disk has left; asked of the system where it is nil.
  /// - Throws: `CompressionError` with both numbers.
  package static func requireSpace(
    _ path: String, _ content: TeacherCacheContent, vocabulary: Int, positions: Int,
    free: Int? = nil
  ) throws {
    let bytesAPosition =
      switch content {
      case .whole(let type): vocabulary * type.bytesPerBlock
      case .largest(let count): (2 * count + 1) * 4
      }
    let (product, overflow) = positions.multipliedReportingOverflow(by: bytesAPosition)
    let needed = overflow ? Int.max : product
    guard let free = free ?? freeBytes(besides: path) else { return }
    guard needed <= free else {
      throw CompressionError.invalid(
        "a cache of \(content.name) for \(positions) positions needs \(needed) bytes, and the disk "
          + "of \(path) has \(free) left: cache={\"path\": ..., \"top\": k} with a small k needs "
          + "(2k + 1) * 4 for each position")
    }
  }

  /// What the disk of a path has left; nil where the system does not say.
  private static func freeBytes(besides path: String) -> Int? {
    let folder = parentFolder(of: expandingHome(path))
    let attributes = try? FileManager.default.attributesOfFileSystem(
      forPath: folder.isEmpty ? "." : folder)
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
  }

  private static func make(
    _ path: String, _ content: TeacherCacheContent, _ key: TeacherCacheKey, _ teacher: Model,
    _ tokens: TokenWindows, _ progress: Evaluation.Progress?
  ) throws {
    let (name, width) = content.rows(vocabulary: teacher.architecture.vocab)
    let maker = TeacherRows(teacher, tokens, content, width: width, progress)
    let type: StoredType = if case .whole(let type) = content { type } else { .f32 }
    var tensors = [
      WritableTensor(
        name: name, type: type, shape: [tokens.ids.count, width], values: .floats(maker.fill))
    ]
    if case .largest = content {
      // Written after the rows, as its name says: the masses are known by then.
      tensors.append(
        WritableTensor(
          name: "remaining", type: .f32, shape: [tokens.ids.count],
          values: .floats { range, output in
            _ = output.update(fromContentsOf: maker.remaining[range])
          }))
    }
    try writeSafetensors(path, tensors, metadata: key.metadata)
  }
}
