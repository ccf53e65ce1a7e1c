import JSONFormat
import Language
import Workbench

/// complete_request, inspect_request and is_complete_request.
extension Worker {
  func completion(_ message: Message) -> JSON {
    let code = message.content["code"]?.string ?? ""
    let cursor = message.content["cursor_pos"]?.int ?? code.unicodeScalars.count
    let completion = running.run { session.completion(of: code, at: cursor) }
    let types = completion.candidates.map { candidate -> JSON in
      [
        "text": .string(candidate.text), "type": .string(candidate.kind.rawValue),
        "start": .int(completion.range.start), "end": .int(completion.range.end),
        "signature": .string(candidate.detail),
      ]
    }
    return [
      "status": "ok", "matches": .array(completion.candidates.map { .string($0.text) }),
      "cursor_start": .int(completion.range.start), "cursor_end": .int(completion.range.end),
      "metadata": ["_jupyter_types_experimental": .array(types)],
    ]
  }

  func inspection(_ message: Message) -> JSON {
    let code = message.content["code"]?.string ?? ""
    let cursor = message.content["cursor_pos"]?.int ?? code.unicodeScalars.count
    let text = running.run { session.help(at: cursor, of: code) }
    return [
      "status": "ok", "found": .bool(text != nil), "metadata": [:],
      "data": text.map { ["text/plain": .string($0)] } ?? [:],
    ]
  }

  func completeness(_ message: Message) -> JSON {
    switch Completeness(of: message.content["code"]?.string ?? "") {
    case .complete: return ["status": "complete"]
    case .incomplete(let indent):
      return ["status": "incomplete", "indent": .string(String(repeating: " ", count: indent))]
    case .invalid: return ["status": "invalid"]
    }
  }
}
