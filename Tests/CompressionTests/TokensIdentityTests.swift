import Corpus
import Testing

@Suite struct TokensIdentityTests {
  @Test func idsAndLengthCount() throws {
    let ids = Array(1...12)
    let tokens = try TokenWindows(ids, length: 4)
    #expect(tokens.identity.fingerprint == (try TokenWindows(ids, length: 4)).identity.fingerprint)
    #expect(tokens.identity.fingerprint != (try TokenWindows(ids, length: 6)).identity.fingerprint)
    #expect(tokens.identity.fingerprint != tokens.selecting([0, 2, 1]).identity.fingerprint)
    #expect(tokens.identity.fingerprint.count == 16)
  }

  @Test func itIsKeptAsJSON() throws {
    let identity = try TokenWindows(Array(1...12), length: 4).identity
    #expect(TokensIdentity(identity.json) == identity)
    #expect(identity.windows == 3 && identity.length == 4)
    #expect(TokensIdentity("none") == nil)
  }
}
