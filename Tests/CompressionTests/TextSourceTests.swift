import Corpus
import Files
import Foundation
import TestFixtures
import TestTools
import Testing

/// What a user's string means, and how files of text read.
@Suite struct TextSourceTests {
  private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = try temporaryFolder() + "/" + name
    try writeFile(path) { try $0.write(bytes) }
    return path
  }

  private func read(_ name: String, _ text: String) throws -> String {
    try TextSource(file(name, Array(text.utf8))).read()
  }

  @Test func stringsArePathsOrText() throws {
    let path = try file("a b.txt", Array("inside".utf8))
    #expect(try TextSource(path) == .file(path))
    for text in [
      "a plain text", "one/two three", "Where is it?", "", "word", "a.b", "no /such.txt",
    ] {
      #expect(try TextSource(text) == .text(text))
      #expect(try TextSource(text).read() == text)
    }
    for missing in ["data/x", "x.txt", "x.jsonl", "x.gz", "notes.md"] {
      #expect(message { try TextSource(missing) } == "\(missing): there is no such file")
    }
    let folder = (path as NSString).deletingLastPathComponent
    #expect(
      message { try TextSource(folder) } == "\(folder): is a folder; tokens takes a file or text")
    #expect(try TextSource("a b.txt", resolving: { folder + "/" + $0 }) == .file(path))
    #expect(try TextSource("a/b\nc.txt") == .text("a/b\nc.txt"))
  }

  @Test func plainTextIsUTF8() throws {
    #expect(try read("a.txt", "naïve\n文\n") == "naïve\n文\n")
    #expect(try read("a", "\u{FEFF}marked") == "marked")
    let latin = try file("b.txt", [0x61, 0xE9, 0x62])
    #expect(message { try TextSource(latin).read() } == "\(latin): is not text in UTF-8")
  }

  @Test func linesOfJSONAreJoinedByABlankLine() throws {
    let lines = """
      {"text": "first", "id": 1}

      {"id": 2, "text": "second\\nline"}\r
      {"text": ""}
      """
    #expect(try read("a.jsonl", lines) == "first\n\nsecond\nline\n\n")
    let broken = try file("b.jsonl", Array("{\"text\": \"x\"}\n{\"text\": \n".utf8))
    let text = try #require(message { try TextSource(broken).read() })
    #expect(text.hasPrefix("\(broken): line 2: "))
    let without = try file("c.jsonl", Array("{\"text\": \"x\"}\n{\"body\": \"y\"}".utf8))
    #expect(
      message { try TextSource(without).read() }
        == "\(without): line 2 has no string \"text\", no strings \"prompt\" and \"completion\", no "
        + "\"messages\"")
  }

  @Test func gzipIsReadByTheEndingBeneath() throws {
    let plain = try file("a.txt.gz", gzip(Array("packed".utf8)))
    #expect(try TextSource(plain).read() == "packed")
    let lines = try file("a.jsonl.gz", gzip(Array("{\"text\": \"x\"}\n{\"text\": \"y\"}".utf8)))
    #expect(try TextSource(lines).read() == "x\n\ny")
    let broken = try file("b.txt.gz", Array("no gzip".utf8))
    #expect(message { try TextSource(broken).read() }?.hasPrefix(broken + ": ") == true)
  }

  /// RFC 1952 with one stored block (RFC 1951, section 3.2.4).
  private func gzip(_ bytes: [UInt8]) -> [UInt8] {
    func little(_ number: UInt32, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    var crc: UInt32 = .max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    let length = UInt32(bytes.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(length, 2) + little(~length, 2)
      + bytes
      + little(~crc, 4) + little(length, 4)
  }
}
