import Checkpoints
import Compression
import Files
import Models
import TestFixtures
import TestTools
import Testing

/// Saved scores read back.
@Suite struct ImportanceStorageTests {
  @Test(arguments: ["llama-tied", "mistral"])
  func aRoundTripIsExact(_ name: String) throws {
    let golden = try Golden(name)
    let scores = try importance(golden.model(), golden.windows("windows"))
    let path = try temporaryFolder() + "/scores.safetensors"
    try scores.save(to: path)
    let again = try #require(try Importance(SafetensorsFile(path: path)))
    #expect(again.modelName == name && again.architecture == scores.architecture)
    #expect(again.windows == 5 && again.length == 16)
    for axis in ImportanceAxis.allCases {
      for batch in Aggregation.allCases {
        for sequence in Aggregation.allCases {
          for neurons in NeuronValue.allCases {
            let found = again.scores(axis, batch: batch, sequence: sequence, neurons: neurons)
            let wanted = scores.scores(axis, batch: batch, sequence: sequence, neurons: neurons)
            #expect(found == wanted, "\(axis) \(batch) \(sequence) \(neurons)")
          }
        }
      }
    }
  }

  @Test func otherFilesAreNoScores() throws {
    let file = try SafetensorsFile(path: Golden.folder("mistral") + "/model.safetensors")
    let found = try Importance(file)
    #expect(found == nil)
  }

  /// A file that says it holds scores and lacks some of them.
  @Test(arguments: ["heads.mean", "post.var", "channels.l2", "group_sizes"])
  func aMissingTensorIsNamed(_ name: String) throws {
    let golden = try Golden("mistral")
    let folder = try temporaryFolder()
    try importance(golden.model(), golden.windows("windows")).save(to: folder + "/a.safetensors")
    let file = try SafetensorsFile(path: folder + "/a.safetensors")
    let rest = file.tensors.filter { $0.name != name }.map { WritableTensor(copying: $0) }
    #expect(rest.count + 1 == file.tensors.count)
    try writeSafetensors(folder + "/b.safetensors", rest, metadata: file.metadata)
    let prefix = String(name.prefix { $0 != "." })
    #expect(
      message { try Importance(SafetensorsFile(path: folder + "/b.safetensors")) as Any }
        == "\(folder)/b.safetensors: \(prefix): is missing or of another shape")
  }
}
