import Foundation
import TestTools
import Testing

/// The prompt in a terminal of 40 columns: nothing that it lays out passes the last one.
@Suite(.serialized) struct NarrowTerminalTests {
  private let folder: String
  private static let fixtures = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures").path

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/pare-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func prompt(_ environment: [String: String] = [:]) throws -> Terminal {
    let terminal = try Terminal(state: folder, environment: environment, columns: 40)
    #expect(terminal.shows(">>> "))
    return terminal
  }

  /// Types a cell and gives the lines that it shows, those of a bar that is drawn over itself too.
  private func shown(
    _ cell: String, _ terminal: Terminal, at location: SourceLocation = #_sourceLocation
  ) -> [String] {
    terminal.type(cell, .enter)
    #expect(terminal.shows("\n>>> ", within: 60), sourceLocation: location)
    // Around what a cell shows the terminal is told that pastes are marked no more, and again.
    let raw = terminal.raw
    let start = raw.range(of: "\u{1B}[?2004l", options: .backwards)?.upperBound ?? raw.startIndex
    let end = raw.range(of: "\u{1B}[?2004h", options: .backwards)?.lowerBound ?? raw.endIndex
    let lines = Self.lines(raw[start..<max(start, end)])
    for line in lines { #expect(line.count <= 40, "\(line)", sourceLocation: location) }
    return lines
  }

  private static func lines(_ raw: Substring) -> [String] {
    raw.replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/, with: "")
      .split(whereSeparator: { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }).map(String.init)
  }

  @Test func valuesFit() throws {
    let terminal = try prompt()
    let tensor = shown("randn(4, 1000)", terminal)
    #expect(tensor.first?.hasPrefix("tensor([[") == true)
    #expect(tensor.count >= 4 && tensor.joined().contains("..., "))
    let words = shown("['layer ' + str(i) for i in range(9)]", terminal)
    #expect(words.count >= 3 && words.allSatisfy { $0.hasSuffix(",") || $0.hasSuffix("]") })
    #expect(
      shown("1 / 0 + 1 * 2 + 3 * 4 + 5 * 6 + 7 * 8 + 9", terminal).contains { $0.contains("^") })
  }

  @Test func tablesAreBrokenIntoBlocks() throws {
    let terminal = try prompt()
    _ = shown("m = load('\(Self.fixtures)/models/llama-tied')", terminal)
    _ = shown("d = tokens([[1, 2, 3, 4], [5, 6, 7, 8]])", terminal)
    let table = shown("compare(m, mask(m, layers=[1]), tokens=d)", terminal)
    for column in ["name", "parameters", "loss", "perplexity", "agreement", "kl"] {
      #expect(table.contains { $0.contains(column) }, "\(column)")
    }
  }

  @Test func completionsAndBarsFit() throws {
    let terminal = try prompt()
    terminal.type("distill(", .tab, .tab)
    #expect(terminal.shows("\n>>> distill("))
    let listed = Self.lines(terminal.raw[...])
    #expect(listed.contains { $0.contains("lr=1e-4") || $0.contains("lr=0.0001") })
    for line in listed { #expect(line.count <= 40, "\(line)") }
    terminal.type("", .interrupt)
    #expect(terminal.shows("\n>>> "))
    _ = shown("m = load('\(Self.fixtures)/models/llama-tied')", terminal)
    _ = shown("d = tokens([[i % 50 for i in range(64)]])", terminal)
    _ = shown("s = prune(m, drop=[1])", terminal)
    let bar = shown("r = distill(s, m, d, steps=900, batch=1); 7", terminal)
    #expect(bar.contains { $0.contains("/900") })
  }

  @Test func figuresAreDrawnInBlocks() throws {
    let terminal = try prompt(["COLORTERM": "truecolor", "PARE_FIGURES": "blocks"])
    terminal.type("heatmap(randn(6, 9))", .enter)
    // The path of the file is as long as it is.
    #expect(terminal.shows(".png\n>>> "))
    let blocks = Self.lines(terminal.raw[...]).filter { $0.contains("▀") }
    #expect(blocks.count > 5)
    for line in blocks { #expect(line.count <= 40, "\(line)") }
  }

  @Test func aLongLineIsEditedWhole() throws {
    let terminal = try prompt()
    let terms = (1...40).map(String.init).joined(separator: " + ")
    terminal.type(terms, .enter)
    #expect(terminal.shows("\n820\n>>> "))
    terminal.type("", .up, .enter)
    #expect(terminal.shows("\n820\n>>> "))
  }
}
