import JSONFormat
import Jupyter
import Testing

/// Messages as frames, and their signatures.
@Suite struct WireTests {
  /// Test cases 1 and 2 of RFC 4231.
  @Test func signaturesAreTheStandards() {
    let first = Signature.sign(
      [Array("Hi ".utf8), Array("There".utf8)], key: [UInt8](repeating: 0x0B, count: 20))
    #expect(
      String(decoding: first, as: UTF8.self)
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    let second = Signature.sign(
      [Array("what do ya want for nothing?".utf8)], key: Array("Jefe".utf8))
    #expect(
      String(decoding: second, as: UTF8.self)
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(Signature.areEqual(first, first))
    #expect(!Signature.areEqual(first, second) && !Signature.areEqual(first, []))
    #expect(Signature.sign([[1]], key: []).isEmpty)
  }

  private static let key = Array("secret".utf8)
  private static let mark = Array("<IDS|MSG>".utf8)

  private func frames(
    _ parts: [String] = [#"{"msg_id":"1","msg_type":"x_request"}"#, "{}", "{}", #"{"a":1}"#],
    key: [UInt8] = Self.key
  ) -> [[UInt8]] {
    let parts = parts.map { Array($0.utf8) }
    return [[7], Self.mark, Signature.sign(parts, key: key)] + parts
  }

  private func refusal(_ frames: [[UInt8]]) -> String? {
    var codec = MessageCodec(key: Self.key)
    do {
      _ = try codec.decode(frames)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func readsAMessageOnce() throws {
    var codec = MessageCodec(key: Self.key)
    let message = try codec.decode(frames())
    #expect(message.identities == [[7]] && message.type == "x_request")
    #expect(message.content["a"]?.int == 1)
    #expect(throws: MessageError.self) { try codec.decode(frames()) }
  }

  @Test func dropsWhatIsNoMessage() {
    #expect(refusal(frames(key: Array("other".utf8)))?.contains("wrong signature") == true)
    #expect(refusal([])?.contains("0 frames") == true)
    #expect(refusal(frames().dropLast())?.contains("6 frames") == true)
    #expect(refusal([Self.mark])?.contains("1 frames") == true)
    #expect(refusal(frames(["{}", "{}", "{}", "{}"]))?.contains("without msg_id") == true)
    #expect(refusal(frames(["[]", "{}", "{}", "{}"]))?.contains("no JSON") == true)
    #expect(refusal(frames([#"{"msg_id":1"#, "{}", "{}", "{}"]))?.contains("no JSON") == true)
  }

  @Test func whatIsWrittenCanBeRead() throws {
    var (sender, receiver) = (MessageCodec(key: Self.key), MessageCodec(key: Self.key))
    var asked = MessageCodec(key: Self.key)
    let parent = try asked.decode(frames())
    let frames = sender.encode(
      Reply(channel: .shell, type: "x_reply", content: ["b": "é"], parent: parent))
    #expect(frames.first == [7])
    let message = try receiver.decode(frames)
    #expect(message.type == "x_reply" && message.content["b"]?.string == "é")
    #expect(message.header["version"]?.string == "5.3")
  }
}
