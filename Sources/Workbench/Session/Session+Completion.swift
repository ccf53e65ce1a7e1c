import Files
import Language

extension Session {
  /// What Tab offers at a place of a cell: names, attributes, arguments, keys and magics, and the
  /// paths of files where a string or a line of the shell is open.
  ///
  /// - Parameter cursor: an offset in Unicode scalars.
  public func completion(of source: String, at cursor: Int) -> Completion {
    let completion = interpreter.completion(of: source, at: cursor)
    guard completion.candidates.isEmpty, let typed = completion.stringPrefix else {
      return completion
    }
    return Completion(
      range: completion.range, candidates: paths(typed), stringPrefix: typed)
  }

  /// The files and folders whose paths begin so, folders with a slash behind them.
  private func paths(_ typed: String) -> [Completion.Candidate] {
    let slash = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
    let (folder, name) = (String(typed[..<slash]), String(typed[slash...]))
    let place = path(folder.isEmpty ? "." : folder)
    guard let names = try? namesInFolder(place) else { return [] }
    let matching = names.filter {
      $0.utf8.starts(with: name.utf8) && ($0.hasPrefix(".") ? name.hasPrefix(".") : true)
    }
    return matching.map {
      let isFolder = kind(ofFile: place + "/" + $0) == .folder
      return Completion.Candidate(
        text: folder + $0 + (isFolder ? "/" : ""), kind: .path, detail: "")
    }
  }
}
