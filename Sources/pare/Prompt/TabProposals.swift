import Files
import Foundation
import Language
import Workbench

/// What Tab offers at a place of a cell: names, attributes, arguments, keys, and paths in strings.
struct TabProposals {
  /// The bytes of the cell that a proposal replaces.
  let range: Range<Int>
  /// What may stand there.
  let texts: [String]
  /// The same as lists show them: paths without their folders.
  let labels: [String]

  /// The proposals for a cell.
  ///
  /// - Parameter cursor: an offset in bytes.
  init(for cell: String, at cursor: Int, in session: Session) {
    let before = String(decoding: cell.utf8.prefix(cursor), as: UTF8.self)
    let scalars = before.unicodeScalars
    let completion = session.interpreter.completion(of: cell, at: scalars.count)
    let start = scalars.prefix(completion.range.start).reduce(0) { $0 + UTF8.width($1) }
    range = min(start, cursor)..<cursor
    if completion.candidates.isEmpty, let typed = completion.stringPrefix {
      (texts, labels) = Self.paths(typed, in: session.folder ?? ".")
    } else {
      // Before anything is typed in a call, its arguments say more than all names there are.
      let arguments = completion.candidates.filter { $0.kind == .argument }
      let isUntyped = range.isEmpty && !arguments.isEmpty
      texts = (isUntyped ? arguments : completion.candidates).map(\.text)
      labels = texts
    }
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

  /// The files and folders whose paths begin so, folders with a slash behind them.
  private static func paths(_ typed: String, in base: String) -> ([String], [String]) {
    let slash = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
    let (folder, name) = (String(typed[..<slash]), String(typed[slash...]))
    let expanded = expandingHome(folder)
    let place = expanded.hasPrefix("/") ? expanded : base + "/" + expanded
    guard let names = try? namesInFolder(place) else { return ([], []) }
    let matching = names.filter {
      $0.utf8.starts(with: name.utf8) && ($0.hasPrefix(".") ? name.hasPrefix(".") : true)
    }
    let labels = matching.map { kind(ofFile: place + "/" + $0) == .folder ? $0 + "/" : $0 }
    return (labels.map { folder + $0 }, labels)
  }
}
