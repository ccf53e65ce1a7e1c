import Language
import Testing

@Suite struct SmokeTests {
  @Test func adds() throws {
    #expect(try Interpreter().evaluate("1 + 2").asInt == 3)
  }
}
