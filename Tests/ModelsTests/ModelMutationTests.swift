import Checkpoints
import Files
import Foundation
import JSONFormat
import Kernels
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// Damaged configurations and GGUF metadata end in an error or in a model that works: never in a
/// trap, and never in more memory than the file's size and 256 MB.
///
/// `PARE_FUZZ` is the number of cases a format; without it a few seconds' worth is tried. Each
/// format runs in a process of its own, which stops at the first fault and says its number.
@Suite struct ModelMutationTests {
  @Test func damagedConfigurations() async {
    await #expect(processExitsWith: .success) {
      for name in ["llama-untied-rope3", "mistral-window", "nemotron", "qwen3", "gpt2"] {
        let folder = try temporaryCopy(of: Golden.folder(name))
        let path = folder + "/config.json"
        let original = try MappedFile(path: path).withBytes(Array.init)
        let json = try JSON(reading: original)
        try tryMutations(at: path, loading: folder) { seed in
          var mutator = FileMutator(seed: seed)
          return seed % 8 == 0
            ? mutator.damagedBytes(original, reach: original.count)
            : Array(mutator.damagedMembers(of: json).text(indent: 1).utf8)
        }
      }
    }
  }

  @Test func damagedGGUFMetadata() async {
    await #expect(processExitsWith: .success) {
      let original = try MappedFile(path: GGUFModelTests.path).withBytes(Array.init)
      let dataStart = try #require(
        GGUFFile(path: GGUFModelTests.path).tensors.map(\.byteRange.lowerBound).min())
      let path = try temporaryFolder() + "/x.gguf"
      try tryMutations(at: path, loading: path) { seed in
        var mutator = FileMutator(seed: seed)
        return mutator.damagedBytes(original, reach: dataStart)
      }
    }
  }
}

/// Writes damaged files to `path` and loads each model, under a limit on memory; what loads must
/// give logits, finite or not.
private func tryMutations(
  at path: String, loading model: String, damaged: (_ seed: Int) -> [UInt8]
) throws {
  let fuzz = ProcessInfo.processInfo.environment["PARE_FUZZ"].flatMap { Int($0) }
  let device = CPUDevice(threads: 1)
  let ids = try Tensor([1, 0] as [Int64], shape: [1, 2], on: device)
  try limitMemory()
  let end = Date(timeIntervalSinceNow: 4)
  var (errors, tried) = (0, 0)
  while fuzz.map({ tried < $0 }) ?? (Date() < end || tried < 300) {
    try Data(damaged(tried)).write(to: URL(fileURLWithPath: path))
    do {
      _ = try Model.configuration(at: model).parameters
      let model = try Model.load(model, on: device)
      _ = try model.logits(ids).floats()
    } catch {
      let isOurs =
        error is CheckpointError || error is FileError || error is ModelError
        || error is KernelError || error is TensorError
      guard isOurs, "\(error)".utf8.count < 2000 else { fatalError("case \(tried): \(error)") }
      errors += 1
    }
    tried += 1
  }
  // Some damage is harmless, and much is not: that nothing or everything was refused is a fault
  // too.
  guard errors > tried / 8, errors < tried else { fatalError("\(errors) of \(tried) were refused") }
}
