import JSONFormat
import Testing

@Suite struct JSONTests {
  @Test func roundTripKeepsOrderAndNumberKinds() throws {
    let text = #"{"z": 1, "a": 1.0, "b": [true, null, "x\ny"], "c": {}, "d": 1e-05, "e": -0.5}"#
    #expect(try JSON(reading: text).text() == text)
  }

  @Test func indentsAsPythonDoes() throws {
    let value = try JSON(reading: #"{"a": [1, 2], "b": {}}"#)
    #expect(value.text(indent: 2) == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}")
  }

  @Test func canonicallyEqualKeysStayApart() throws {
    let composed = "\u{E9}"
    let decomposed = "e\u{301}"
    let value = try JSON(reading: "{\"\(composed)\": 1, \"\(decomposed)\": 2}")
    #expect(value[composed]?.int == 1)
    #expect(value[decomposed]?.int == 2)
  }

  @Test func readsEscapes() throws {
    #expect(try JSON(reading: #""\u00e9\ud83d\ude00\/\ud800x""#).string == "é😀/\u{FFFD}x")
  }

  @Test(arguments: [
    ("", 0), ("{", 1), ("[1,]", 3), ("[1 2]", 3), ("{\"a\" 1}", 5), ("01", 0), ("1.", 0),
    ("\"abc", 0), ("nul", 0), ("1 2", 2), ("{\"a\":1,\"a\":2}", 7), ("\"\u{1}\"", 1), ("-", 0),
  ])
  func refusesBadText(text: String, byte: Int) {
    #expect {
      try JSON(reading: text)
    } throws: { ($0 as? JSONError)?.byte == byte }
  }

  @Test func refusesBytesThatAreNotUTF8() {
    #expect(throws: JSONError.self) { try JSON(reading: [0x22, 0xFF, 0x22]) }
  }

  @Test func refusesDeepNesting() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError.self) { try JSON(reading: text) }
  }

  @Test(arguments: [
    (1.0, "1.0"), (1e16, "1e+16"), (123456789012345680.0, "1.2345678901234568e+17"),
    (9_007_199_254_740_993.0, "9007199254740992.0"), (1e-5, "1e-05"), (0.0001, "0.0001"),
    (1.5e-7, "1.5e-07"), (1e100, "1e+100"), (-2.5, "-2.5"), (0.1, "0.1"),
  ])
  func writesNumbersAsPython(value: Double, text: String) {
    #expect(JSON.text(of: value) == text)
  }
}
