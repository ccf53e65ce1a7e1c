import Files
import Foundation
import Language
import NotebookFormat

extension Session {
  /// %run, %cd.
  var fileMagics: [Magic] {
    [
      Magic(
        "run", "file", "Runs a script or notebook in this session.",
        text:
          "file: a .pare script or an .ipynb. Its cells run as if they were typed here: they see "
          + "and set the variables of the session. Relative paths in them start where they do under "
          + "pare run: at the nearest folder upwards that holds Plots/ or .git, else at the file's. "
          + "The first cell that fails ends it.",
        example: "%run scripts/setup.pare", arguments: .path
      ) { [unowned self] arguments in
        try runFile(unquoted(arguments))
        return nil
      },
      Magic(
        "cd", "[folder]", "Prints, or changes, the folder where relative paths start.",
        text: "The folder is where load, save, %run and shell commands look for relative paths.",
        example: "%cd experiments", arguments: .path
      ) { [unowned self] arguments in
        let given = unquoted(arguments)
        if !given.isEmpty { try changeFolder(to: given) }
        output(.printed(canonicalPath(folder ?? ".") + "\n"))
        return nil
      },
    ]
  }

  private func changeFolder(to given: String) throws {
    let place = path(given)
    switch kind(ofFile: place) {
    case .folder: folder = canonicalPath(place)
    case .file: throw FileError(path: given, reason: "is a file, not a folder")
    case .missing:
      throw FileError(
        path: given, reason: "there is no such folder in \(canonicalPath(folder ?? "."))")
    }
  }

  private func runFile(_ given: String) throws {
    guard !given.isEmpty else {
      throw LanguageError("%run needs a file: a .pare script or a notebook")
    }
    let place = path(given)
    guard kind(ofFile: place) != .folder else {
      throw FileError(path: given, reason: "is a folder; %run takes a script or a notebook")
    }
    guard runDepth < Self.deepestRun else {
      throw LanguageError(
        "%run is nested more than \(Self.deepestRun) deep; does \(given) run itself?")
    }
    runDepth += 1
    let before = (folder, scriptName)
    defer {
      runDepth -= 1
      (folder, scriptName) = before
    }
    let name = lastName(of: given)
    let cells = try Notebook(contentsOf: place).cells.filter { $0.kind == .code }
    // A script that cannot be read whole runs not at all.
    let runs = try cells.enumerated().map { position, cell in
      try interpreter.prepare(cell.source, name: "\(name), cell \(position + 1)")
    }
    let script = try ScriptPlace(ofFile: place)
    (folder, scriptName) = (script.folder, script.name)
    for run in runs {
      if let value = try run() { output(.displayed(try Display(value))) }
    }
  }

  private static let deepestRun = 20
}

/// A path as it was typed, without the quotes that may stand around it.
func unquoted(_ text: String) -> String {
  guard text.count >= 2, let first = text.first, first == "\"" || first == "'", text.last == first
  else { return text }
  return String(text.dropFirst().dropLast())
}
