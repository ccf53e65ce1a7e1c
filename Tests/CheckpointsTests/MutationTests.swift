import Checkpoints
import Files
import Foundation
import TestTools
import Testing

/// Damaged files end in an error or in a valid object whose tensors can all be read: never in a
/// trap, and never in more memory than the file's size and 256 MB.
///
/// `PARE_FUZZ` is the number of cases a format; without it a few seconds' worth is tried. Each
/// format runs in a process of its own; where that fails, its last damaged file is the one to look
/// at, in a `pare-tests-` folder of the temporary folder.
@Suite struct MutationTests {
  @Test func damagedSafetensors() async {
    await #expect(processExitsWith: .success) {
      try tryMutations(of: ["types.safetensors"]) { try open(SafetensorsFile(path: $0)) }
    }
  }

  @Test func damagedGGUF() async {
    await #expect(processExitsWith: .success) {
      try tryMutations(of: ["types.gguf"]) { try open(GGUFFile(path: $0)) }
    }
  }

  @Test func damagedNumpy() async {
    await #expect(processExitsWith: .success) {
      try tryMutations(of: ["f4.npy", "i4.npy", "b1.npy", "version2.npy"]) {
        try read(NumpyFile(path: $0).tensor)
      }
    }
  }

  @Test func damagedIndices() async {
    await #expect(processExitsWith: .success) {
      let shard = "model-00001-of-00003.safetensors"
      try tryMutations(of: ["sharded/" + indexName, "sharded/config.json", "sharded/" + shard]) {
        path in
        // The damaged file takes the place of its original in a folder that is whole.
        let folder = (path as NSString).deletingLastPathComponent
        for name in try namesInFolder(Fixtures.path("sharded"))
        where kind(ofFile: folder + "/" + name) == .missing {
          try FileManager.default.copyItem(
            atPath: Fixtures.path("sharded/" + name), toPath: folder + "/" + name)
        }
        for tensor in try CheckpointFolder(path: folder).tensors { try read(tensor) }
      }
    }
  }
}

private let indexName = "model.safetensors.index.json"

private func open(_ file: SafetensorsFile) throws {
  for tensor in file.tensors { try read(tensor) }
}

private func open(_ file: GGUFFile) throws {
  for tensor in file.tensors { try read(tensor) }
  for (_, value) in file.metadata {
    guard let array = value.array else { continue }
    switch array.elementType {
    case .string: _ = try array.strings()
    case .array: break
    case .bool: _ = try array.bools()
    case .f32, .f64: _ = try array.doubles()
    default: _ = try array.integers()
    }
  }
}

private func read(_ tensor: StoredTensor) throws {
  if tensor.type.isFloat {
    _ = try tensor.floats()
  } else {
    _ = try tensor.integers()
  }
}

/// Damages the fixtures in turn and opens each result, under a limit on memory. An error of ours
/// that names the file will do; another stops the process as a trap does, which keeps the damaged
/// file.
private func tryMutations(of names: [String], open: (String) throws -> Void) throws {
  let fuzz = ProcessInfo.processInfo.environment["PARE_FUZZ"].flatMap { Int($0) }
  let originals = try names.map { try Fixtures.bytes($0) }
  let folders = try names.map { _ in try temporaryFolder() }
  try limitMemory()
  let end = Date(timeIntervalSinceNow: 4)
  var errors = 0
  var tried = 0
  while fuzz.map({ tried < $0 }) ?? (Date() < end || tried < 1000) {
    var mutator = Mutator(seed: UInt64(tried))
    let choice = tried % names.count
    let path = folders[choice] + "/" + (names[choice] as NSString).lastPathComponent
    try Data(mutator.damaged(originals[choice])).write(to: URL(fileURLWithPath: path))
    do {
      try open(path)
    } catch {
      guard error is CheckpointError || error is FileError, "\(error)".hasPrefix(folders[choice]),
        "\(error)".utf8.count < 2000
      else { fatalError("case \(tried) ended in \(error)") }
      errors += 1
    }
    tried += 1
  }
  // Most damage is to a header or a length: that nothing or everything were refused is a fault too.
  guard errors > tried / 4, errors < tried else { fatalError("\(errors) of \(tried) were refused") }
}
