import Files
import Foundation
import Models

/// The file or folder that a model was loaded from.
struct ModelOrigin {
  private weak var weights: Weights?
  /// Its absolute path.
  let path: String

  init(of model: Model, path: String) {
    weights = model.weights
    self.path = path
  }

  /// Whether the model is no longer in memory.
  var isGone: Bool { weights == nil }

  /// Whether a model's weights are those of the file still: nobody has written into them.
  func holds(_ model: Model) -> Bool {
    weights === model.weights && !model.weights.areEdited
  }

  /// A text that changes with the files of a model: their names, sizes and times.
  static func stamp(_ path: String) -> String {
    let names = (try? namesInFolder(path)) ?? []
    let files = names.isEmpty ? [path] : names.map { path + "/" + $0 }
    var checksum = Checksum()
    for file in files {
      var status = stat()
      guard stat(file, &status) == 0 else { continue }
      let text = "\(file) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
      checksum.add(text.utf8)
    }
    return checksum.hexadecimal
  }
}
