import JSONFormat
import Language

extension TableObject {
  /// The table as a file of this ending holds it.
  func text(for path: String) throws -> String {
    if path.hasSuffix(".tex") { return try PaperTable(self).latex() + "\n" }
    if path.hasSuffix(".json") {
      return JSON.array(try elements().map { try $0.json() }).text(indent: 2) + "\n"
    }
    let cells = [columns] + (try rows.map { try $0.map { try $0.text() } })
    return cells.map { $0.map(Self.csvField).joined(separator: ",") + "\n" }.joined()
  }

  /// A field quoted where RFC 4180 asks for it.
  private static func csvField(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
