import Foundation
import JSONFormat

/// Turns messages into signed frames and back (jupyter-client.readthedocs.io, "Messaging in
/// Jupyter", "The wire protocol").
package struct MessageCodec {
  /// The version of the protocol.
  static let version = "5.3"

  private static let delimiter = Array("<IDS|MSG>".utf8)
  /// Signatures that are remembered, so that a message counts once.
  private static let memory = 1 << 16

  private let key: [UInt8]
  private let session = UUID().uuidString.lowercased()
  private var sent = 0
  private var seen: Set<[UInt8]> = []
  private var order: [[UInt8]] = []

  package init(key: [UInt8]) { self.key = key }

  /// Reads a message.
  /// - Throws: `MessageError` for frames that are none, are signed with another key, or came
  ///   before.
  package mutating func decode(_ frames: [[UInt8]]) throws -> Message {
    guard let start = frames.firstIndex(of: Self.delimiter), frames.count >= start + 6 else {
      throw MessageError(description: "a message of \(frames.count) frames lacks some")
    }
    let signature = frames[start + 1]
    let parts = frames[(start + 2)..<(start + 6)]
    if !key.isEmpty {
      guard Signature.areEqual(signature, Signature.sign(parts, key: key)) else {
        throw MessageError(description: "a message with a wrong signature")
      }
      guard remember(signature) else {
        throw MessageError(description: "a message that came before")
      }
    }
    let objects = try parts.map { part in
      guard let object = try? JSON(reading: part).object else {
        throw MessageError(description: "a message that is no JSON")
      }
      return object
    }
    guard objects[0]["msg_id"]?.string != nil, objects[0]["msg_type"]?.string != nil else {
      throw MessageError(description: "a message without msg_id and msg_type")
    }
    return Message(
      identities: Array(frames[..<start]), header: objects[0], content: .object(objects[3]),
      received: ContinuousClock().now)
  }

  /// Whether a signature is new.
  private mutating func remember(_ signature: [UInt8]) -> Bool {
    guard seen.insert(signature).inserted else { return false }
    order.append(signature)
    if order.count > 2 * Self.memory {
      for old in order.prefix(Self.memory) { seen.remove(old) }
      order.removeFirst(Self.memory)
    }
    return true
  }

  /// The frames of a message.
  package mutating func encode(_ reply: Reply) -> [[UInt8]] {
    sent += 1
    let header: JSON = [
      "msg_id": .string("\(session)_\(sent)"), "session": .string(session), "username": "pare",
      "date": .string(Self.date(Date())), "msg_type": .string(reply.type),
      "version": .string(Self.version),
    ]
    var metadata = JSONObject()
    if reply.endsRequest, let parent = reply.parent {
      let taken = ContinuousClock().now - parent.received
      metadata["seconds"] = .double(taken / .seconds(1))
    }
    let parts = [
      header, .object(reply.parent?.header ?? JSONObject()), .object(metadata), reply.content,
    ].map { Array($0.text().utf8) }
    let address =
      reply.channel == .iopub ? [Array(reply.type.utf8)] : reply.parent?.identities ?? []
    return address + [Self.delimiter, Signature.sign(parts, key: key)] + parts
  }

  /// A time as ISO 8601 in UTC with microseconds.
  private static func date(_ date: Date) -> String {
    let seconds = date.timeIntervalSince1970
    var whole = time_t(seconds.rounded(.down))
    var fields = tm()
    gmtime_r(&whole, &fields)
    let micros = Int((seconds - Double(whole)) * 1e6)
    return String(
      format: "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", fields.tm_year + 1900, fields.tm_mon + 1,
      fields.tm_mday, fields.tm_hour, fields.tm_min, fields.tm_sec, micros)
  }
}
