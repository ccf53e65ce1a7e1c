import JSONFormat

/// A message from a front end.
struct Message: Sendable {
  /// The way back to its sender.
  let identities: [[UInt8]]
  /// Its own header; `msg_id` and `msg_type` are there.
  let header: JSONObject
  /// What the sender said beside the type.
  let content: JSON
  /// When it came.
  let received: ContinuousClock.Instant

  var type: String { header["msg_type"]?.string ?? "" }

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
  func flag(_ name: String, default value: Bool) -> Bool { content[name]?.bool ?? value }
}

/// A message to a front end.
struct Reply: Sendable {
  let channel: Channel
  let type: String
  var content: JSON
  /// What it answers or comes of, nil for what nobody asked for.
  let parent: Message?
  /// Whether it ends its request: then it says how long that took.
  var endsRequest = false
}

/// Why a message was not read.
struct MessageError: Error, CustomStringConvertible {
  let description: String
}
