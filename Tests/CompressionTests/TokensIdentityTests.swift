import Corpus
import Testing

@Suite struct TokensIdentityTests {
  @Test func idsAndLengthCount() throws {
    let ids = Array(1...12)
    let tokens = try TokenWindows(ids, length: 4)
    #expect(tokens.fingerprint == (try TokenWindows(ids, length: 4)).fingerprint)
    #expect(tokens.fingerprint != (try TokenWindows(ids, length: 6)).fingerprint)
    #expect(tokens.fingerprint != tokens.selecting([0, 2, 1]).fingerprint)
    #expect(tokens.fingerprint.count == 16)
  }

  @Test func itIsKeptAsJSON() throws {
    let identity = try TokenWindows(Array(1...12), length: 4).identity
    #expect(TokensIdentity(identity.json) == identity)
    #expect(identity.windows == 3 && identity.length == 4)
    #expect(TokensIdentity("none") == nil)
  }
}
