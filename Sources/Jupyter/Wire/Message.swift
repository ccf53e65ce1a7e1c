import JSONFormat

/// A message from a front end.
package struct Message: Sendable {
  /// The way back to its sender.
  package let identities: [[UInt8]]
  /// Its own header; `msg_id` and `msg_type` are there.
  package let header: JSONObject
  /// What the sender said beside the type.
  package let content: JSON
  /// When it came.
  package let received: ContinuousClock.Instant

  package var type: String { header["msg_type"]?.string ?? "" }

  /// What a request of a type that is not known is answered; nil for what is no request.
  var refusal: (type: String, content: JSON)? {
    guard type.hasSuffix("_request") else { return nil }
    let content: JSON = [
      "status": "error", "ename": "Error", "traceback": [],
      "evalue": .string("\(type) is not supported"),
    ]
    return (String(type.dropLast("request".count)) + "reply", content)
  }

  /// A truth value of the content.
  package func flag(_ name: String, default value: Bool) -> Bool { content[name]?.bool ?? value }
}

/// A message to a front end.
package struct Reply: Sendable {
  package let channel: Channel
  package let type: String
  package var content: JSON
  /// What it answers or comes of, nil for what nobody asked for.
  package let parent: Message?
  /// Whether it ends its request: then it says how long that took.
  package var endsRequest = false

  /// A message that is to be sent.
  package init(
    channel: Channel, type: String, content: JSON, parent: Message?, endsRequest: Bool = false
  ) {
    self.channel = channel
    self.type = type
    self.content = content
    self.parent = parent
    self.endsRequest = endsRequest
  }
}

/// Why a message was not read.
package struct MessageError: Error, CustomStringConvertible {
  package let description: String
}
