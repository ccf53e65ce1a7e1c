import Files
import JSONFormat

/// Where a front end waits for the kernel: the content of a connection file
/// (jupyter-client.readthedocs.io, "Connection files").
public struct Connection: Sendable {
  let transport: String
  let ip: String
  let key: [UInt8]
  let ports: [Channel: Int]

  /// Reads a connection file.
  /// - Throws: `FileError` naming the file and what is wrong with it.
  public init(file path: String) throws {
    func fault(_ reason: String) -> FileError { FileError(path: path, reason: reason) }
    let json: JSON
    do {
      json = try MappedFile(path: path).withBytes { try JSON(reading: $0) }
    } catch let error as JSONError {
      throw fault(error.description)
    }
    func text(_ name: String, default value: String) throws -> String {
      guard let found = json[name] else { return value }
      guard let text = found.string else { throw fault("\(name) should be a string") }
      return text
    }
    transport = try text("transport", default: "tcp")
    guard ["tcp", "ipc"].contains(transport) else {
      throw fault("the transport is \"\(transport)\", which is none of tcp and ipc")
    }
    ip = try text("ip", default: "127.0.0.1")
    key = Array(try text("key", default: "").utf8)
    let scheme = try text("signature_scheme", default: "hmac-sha256")
    guard scheme == "hmac-sha256" else {
      throw fault("the signature scheme is \"\(scheme)\"; hmac-sha256 is supported")
    }
    ports = try Dictionary(
      uniqueKeysWithValues: Channel.allCases.map { channel in
        guard let port = json[channel.portName]?.int, (1...65535).contains(port) else {
          throw fault("\(channel.portName) should be a port, an integer from 1 to 65535")
        }
        return (channel, port)
      })
  }

  func endpoint(_ channel: Channel) -> String {
    let port = ports[channel] ?? 0
    return transport == "tcp" ? "tcp://\(ip):\(port)" : "ipc://\(ip)-\(port)"
  }
}

/// The five sockets of the protocol.
package enum Channel: String, CaseIterable, Sendable {
  /// Requests that are answered one after another.
  case shell
  /// Requests that are answered while a cell runs: interrupt and shutdown.
  case control
  /// What everybody may hear: outputs and states.
  case iopub
  /// Questions to the front end that asked for a cell: `input()`.
  case stdin
  /// Sends back what it receives.
  case heartbeat

  var portName: String { self == .heartbeat ? "hb_port" : rawValue + "_port" }
}
