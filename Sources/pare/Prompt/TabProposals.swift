import Language
import Workbench

/// What Tab offers at a place of a cell: names, attributes, arguments, keys, and paths in strings.
struct TabProposals {
  /// The bytes of the cell that a proposal replaces.
  let range: Range<Int>
  /// What may stand there.
  let texts: [String]
  /// The same as lists show them: paths without their folders, arguments with their defaults.
  private let labels: [String]
  /// A type or a summary of each; may be empty.
  private let details: [String]

  /// The proposals for a cell.
  ///
  /// - Parameter cursor: an offset in bytes.
  init(for cell: String, at cursor: Int, in session: Session) {
    let before = String(decoding: cell.utf8.prefix(cursor), as: UTF8.self)
    let scalars = before.unicodeScalars
    let completion = session.completion(of: cell, at: scalars.count)
    let start = scalars.prefix(completion.range.start).reduce(0) { $0 + UTF8.width($1) }
    range = min(start, cursor)..<cursor
    // Before anything is typed in a call, its arguments say more than all names there are.
    let arguments = completion.candidates.filter { $0.kind == .argument }
    let isUntyped = range.isEmpty && !arguments.isEmpty
    let candidates = isUntyped ? arguments : completion.candidates
    texts = candidates.map(\.text)
    labels = candidates.map(Self.label)
    details = candidates.map { $0.kind == .argument ? "" : $0.detail }
  }

  private static func label(_ candidate: Completion.Candidate) -> String {
    switch candidate.kind {
    case .argument: candidate.text + candidate.detail
    case .path:
      // The slash that marks a folder is no boundary.
      candidate.text.dropLast().lastIndex(of: "/").map {
        String(candidate.text[candidate.text.index(after: $0)...])
      } ?? candidate.text
    default: candidate.text
    }
  }

  /// The most proposals that are listed with their details.
  private static let mostDetailed = 12

  /// The proposals as a list: a few one below the other, with what each is; many in columns.
  ///
  /// - Parameters:
  ///   - width: the columns of the terminal.
  ///   - height: the rows that the list may take.
  func listed(width: Int, height: Int) -> String {
    let isDetailed =
      labels.count <= min(height, Self.mostDetailed) && details.contains { !$0.isEmpty }
    guard isDetailed else { return inColumns(labels, width: width, height: height) }
    let column = labels.map(\.count).max() ?? 0
    return zip(labels, details).map { label, detail in
      let padding = String(repeating: " ", count: column - label.count + 2)
      return (detail.isEmpty ? label : label + padding + detail).elided(to: width - 1) + "\n"
    }.joined()
  }

  /// The longest text that all proposals begin with.
  var commonStart: String {
    guard var common = texts.first.map({ Array($0.unicodeScalars) }) else { return "" }
    for text in texts.dropFirst() {
      let same = zip(common, text.unicodeScalars).prefix { $0 == $1 }.count
      common.removeLast(common.count - same)
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: common)
    return String(result)
  }
}
