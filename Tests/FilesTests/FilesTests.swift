import Files
import Foundation
import Testing

@Suite final class FilesTests {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "pare-files-\(UUID().uuidString)"
    try makeFolder(folder)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @Test func writesWholeAndMaps() throws {
    let path = folder + "/a.txt"
    try writeFile(path) { try $0.write("hello") }
    #expect(try MappedFile(path: path).withBytes(Array.init) == Array("hello".utf8))
    #expect(try namesInFolder(folder) == ["a.txt"])
  }

  @Test func aFailureLeavesTheOldFile() throws {
    let path = folder + "/a.txt"
    try writeFile(path) { try $0.write("old") }
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try writeFile(path) {
        try $0.write("new")
        throw Stop()
      }
    }
    #expect(try MappedFile(path: path).withBytes(Array.init) == Array("old".utf8))
    #expect(try namesInFolder(folder) == ["a.txt"])
  }

  @Test func writingThroughALinkKeepsTheLink() throws {
    let path = folder + "/a.txt"
    let link = folder + "/link.txt"
    try writeFile(path) { try $0.write("old") }
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a.txt")
    try writeFile(link) { try $0.write("new") }
    #expect(try MappedFile(path: path).withBytes(Array.init) == Array("new".utf8))
  }

  @Test func missingFilesAndFoldersAreNamed() throws {
    #expect { try MappedFile(path: folder + "/none") } throws: {
      "\($0)" == "\(folder)/none: cannot open: no such file or directory"
    }
    #expect { try MappedFile(path: folder) } throws: { "\($0)".hasSuffix("is a folder") }
    #expect { try writeFile(folder + "/no/where") { try $0.write("x") } } throws: {
      "\($0)".hasSuffix("cannot write: no such file or directory")
    }
  }

  @Test func gunzipReadsSeveralMembersAndRefusesDamage() throws {
    // Python: gzip.compress(b"abc", mtime=0)
    let member: [UInt8] = [
      31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 75, 76, 74, 6, 0, 194, 65, 36, 53, 3, 0, 0, 0,
    ]
    let read = { (bytes: [UInt8]) in try bytes.withUnsafeBytes { try gunzip($0, path: "x.gz") } }
    #expect(try read(member + member) == Array("abcabc".utf8))
    #expect(throws: FileError.self) { try read(Array(member.dropLast(9))) }
    #expect(throws: FileError.self) { try read([1, 2, 3]) }
    #expect(throws: FileError.self) { try read([]) }
  }

  /// The vectors that the hash was published with.
  @Test func checksums() {
    #expect(Checksum("".utf8).value == 0xcbf2_9ce4_8422_2325)
    #expect(Checksum("a".utf8).value == 0xaf63_dc4c_8601_ec8c)
    #expect(Checksum("foobar".utf8).value == 0x8594_4171_f739_67e8)
    var number = Checksum()
    number.add(UInt32(0x6463_6261))
    #expect(number == Checksum("abcd".utf8) && number.hexadecimal.count == 16)
  }
}
