import Files
import Foundation

/// A new folder, removed with all others when the process ends well.
package func temporaryFolder() throws -> String {
  try makeFolder(temporaryRoot)
  let folder = temporaryRoot + "/" + UUID().uuidString
  try makeFolder(folder)
  return folder
}

private let temporaryRoot: String = {
  atexit { try? FileManager.default.removeItem(atPath: temporaryRoot) }
  return NSTemporaryDirectory() + "pare-tests-\(getpid())"
}()

/// A copy of a folder's files, so that a test may change one.
package func temporaryCopy(of folder: String) throws -> String {
  let copy = try temporaryFolder() + "/" + (folder as NSString).lastPathComponent
  try FileManager.default.copyItem(atPath: folder, toPath: copy)
  return copy
}
