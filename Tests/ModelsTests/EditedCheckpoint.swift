import Checkpoints
import Files
import TestFixtures
import TestTools

/// A copy of a fixture whose tensors are changed, as a folder.
func checkpoint(
  _ name: String, _ change: (inout [WritableTensor]) -> Void
) throws -> String {
  let folder = try temporaryCopy(of: Golden.folder(name))
  let path = folder + "/model.safetensors"
  var tensors = try SafetensorsFile(path: path).tensors.map { WritableTensor(copying: $0) }
  change(&tensors)
  try writeSafetensors(path, tensors)
  return folder
}

extension [WritableTensor] {
  /// Sets one element of a tensor.
  mutating func set(_ name: String, _ index: Int, to value: Float) {
    guard let place = firstIndex(where: { $0.name == name }),
      case .floats(let read) = self[place].values
    else { return }
    let old = self[place]
    self[place] = WritableTensor(
      name: name, type: old.type, shape: old.shape,
      values: .floats { range, output in
        try read(range, output)
        if range.contains(index) { output[index - range.lowerBound] = value }
      })
  }
}
