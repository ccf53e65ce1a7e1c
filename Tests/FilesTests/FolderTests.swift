import Files
import Foundation
import Testing

/// Folders, files that grow, and files held by one process.
@Suite struct FolderTests {
  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "pare-folders-\(UUID().uuidString)"
    try makeFolder(path)
    return path
  }

  private func text(_ path: String) throws -> String {
    try MappedFile(path: path).withBytes { String(decoding: $0, as: UTF8.self) }
  }

  @Test func makesTheFoldersThatAFolderStandsIn() throws {
    let place = try folder()
    defer { try? removeFolder(place) }
    try makeFolders(place + "/a/b/c")
    try makeFolders(place + "/a/b/c")
    #expect(kind(ofFile: place + "/a/b/c") == .folder)
    try synchronizeFolder(place + "/a/b")
    try writeFile(place + "/file") { try $0.write("x") }
    let taken = FileError(path: place + "/file", reason: "cannot make the folder: file exists")
    #expect(throws: taken) {
      try makeFolders(place + "/file/d")
    }
  }

  @Test func removesAndMovesFolders() throws {
    let place = try folder()
    try makeFolders(place + "/a/b")
    try writeFile(place + "/a/b/file") { try $0.write("x") }
    try moveFile(place + "/a", to: place + "/c")
    #expect(try namesInFolder(place) == ["c"])
    // A link is removed, and what it leads to stays.
    let other = try folder()
    defer { try? removeFolder(other) }
    try writeFile(other + "/kept") { try $0.write("x") }
    try FileManager.default.createSymbolicLink(
      atPath: place + "/c/link", withDestinationPath: other)
    try removeFolder(place)
    #expect(kind(ofFile: place) == .missing && kind(ofFile: other + "/kept") == .file)
    #expect(throws: FileError(path: place, reason: "cannot remove the folder")) {
      try removeFolder(place)
    }
    #expect(throws: FileError.self) { try moveFile(place, to: other + "/x") }
  }

  @Test func growsByWholeTexts() throws {
    let place = try folder()
    defer { try? removeFolder(place) }
    let path = place + "/log"
    let file = try AppendingFile(path: path)
    try file.append("one\n")
    try file.append("two\n")
    #expect(try text(path) == "one\ntwo\n")
    try file.synchronize()
    try AppendingFile(path: path).append("three\n")
    #expect(try text(path) == "one\ntwo\nthree\n")
    #expect(throws: FileError.self) { try AppendingFile(path: place) }
  }

  @Test func isHeldByOne() throws {
    let place = try folder()
    defer { try? removeFolder(place) }
    let path = place + "/file"
    try writeFile(path) { try $0.write("x") }
    do {
      let lock = try FileLock(path: path, orReason: "is taken")
      #expect(throws: FileError(path: path, reason: "is taken")) {
        try FileLock(path: path, orReason: "is taken")
      }
      withExtendedLifetime(lock) {}
    }
    _ = try FileLock(path: path, orReason: "is taken")
    #expect(throws: FileError.self) { try FileLock(path: place + "/no", orReason: "is taken") }
  }
}
