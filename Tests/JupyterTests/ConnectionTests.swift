import Files
import Foundation
import Jupyter
import TestTools
import Testing

/// Connection files that are refused, each with its reason.
@Suite struct ConnectionTests {
  private static let good: [String: String] = [
    "transport": "\"tcp\"", "ip": "\"127.0.0.1\"", "key": "\"k\"",
    "signature_scheme": "\"hmac-sha256\"", "shell_port": "1", "control_port": "2",
    "iopub_port": "3", "stdin_port": "4", "hb_port": "5",
  ]

  private func error(_ content: String) throws -> String? {
    let path = try temporaryFolder() + "/connection.json"
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    return refusal { try Connection(file: path) }.map { $0.replacing(path + ": ", with: "") }
  }

  private func error(_ name: String, _ value: String?) throws -> String? {
    var members = Self.good
    members[name] = value
    return try error(
      "{" + members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}")
  }

  @Test func aWholeFileIsRead() throws { #expect(try error("key", "\"\"") == nil) }

  @Test func whatIsWrongIsSaid() throws {
    #expect(
      try error("transport", "\"udp\"") == "the transport is \"udp\", which is none of tcp and ipc")
    #expect(
      try error("shell_port", nil) == "shell_port should be a port, an integer from 1 to 65535")
    #expect(
      try error("hb_port", "70000") == "hb_port should be a port, an integer from 1 to 65535")
    #expect(try error("key", "7") == "key should be a string")
    #expect(
      try error("signature_scheme", "\"hmac-md5\"")
        == "the signature scheme is \"hmac-md5\"; hmac-sha256 is supported")
    #expect(try error("{")?.hasPrefix("invalid JSON at byte 1") == true)
    #expect(
      refusal { try Connection(file: "/no/such") }
        == "/no/such: cannot open: no such file or directory")
  }
}
