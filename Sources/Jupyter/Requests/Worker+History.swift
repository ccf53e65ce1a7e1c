import Foundation
import JSONFormat

/// history_request: the cells of this session.
extension Worker {
  func history(_ message: Message) -> JSON {
    let content = message.content
    let cells = session.inputs.enumerated().dropFirst().map {
      (number: $0.offset, source: $0.element)
    }
    var chosen: [(number: Int, source: String)]
    switch content["hist_access_type"]?.string ?? "tail" {
    case "range":
      let first = max(1, content["start"]?.int ?? 1)
      let end = content["stop"]?.int ?? .max
      // Other sessions are none of this kernel's.
      let isHere = [0, 1].contains(content["session"]?.int ?? 0)
      chosen = isHere ? cells.filter { first <= $0.number && $0.number < end } : []
    case "search":
      let pattern = content["pattern"]?.string ?? "*"
      chosen = cells.filter { fnmatch(pattern, $0.source, 0) == 0 }
      if message.flag("unique", default: false) {
        var seen: Set<String> = []
        chosen = chosen.reversed().filter { seen.insert($0.source).inserted }.reversed()
      }
    default: chosen = cells
    }
    if content["hist_access_type"]?.string != "range", let most = content["n"]?.int, most >= 0 {
      chosen = chosen.suffix(most)
    }
    let withOutput = message.flag("output", default: false)
    let lines = chosen.map { cell -> JSON in
      let source = JSON.string(cell.source)
      let output = session.shownText(ofCell: cell.number).map(JSON.string) ?? .null
      return [1, .int(cell.number), withOutput ? [source, output] : source]
    }
    return ["status": "ok", "history": .array(lines)]
  }
}
