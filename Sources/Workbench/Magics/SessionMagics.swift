import Files
import Foundation
import JSONFormat
import Kernels
import Language

extension Session {
  /// %save, %load.
  var sessionMagics: [Magic] {
    [
      Magic(
        "save", "name", "Keeps this session: variables, models and history.",
        text: "The session becomes a folder of its name under ~/.local/state/pare/sessions "
          + "($XDG_STATE_HOME), or the folder of a path where the name holds a '/'. Models that are as "
          + "they were loaded are kept by their path, with their masks; those that were made or "
          + "changed here by their weights. What cannot be kept is named.",
        example: "%save monday", arguments: .names(SessionPlace.names)
      ) { [unowned self] arguments in
        try keep(as: unquoted(arguments))
        return nil
      },
      Magic(
        "load", "name", "Restores a session that %save kept.",
        text: "Its variables take the place of those of the same names, its history is put before "
          + "that of this session, whose cells get higher numbers. The device and the seed stay as they are.",
        example: "%load monday", arguments: .names(SessionPlace.names)
      ) { [unowned self] arguments in
        try restore(unquoted(arguments))
        return nil
      },
    ]
  }

  private static let keptKind = "pare.session"
  private static let keptVersion = 1

  private func place(_ name: String, of magic: String) throws -> SessionPlace {
    guard !name.isEmpty else {
      throw LanguageError(
        "%\(magic) needs the name of a session, as in %\(magic) monday; \(SessionPlace.listing)")
    }
    return try SessionPlace(name) { path($0) }
  }

  private func keep(as name: String) throws {
    let place = try place(name, of: "save")
    try place.requireFree()
    if place.path.hasPrefix(SessionPlace.folder) { try makeFolders(SessionPlace.folder) }
    var writer = SessionWriter(
      origin: { [modelOrigins] model in modelOrigins.first { $0.holds(model) }?.path },
      builtins: interpreter.builtins)
    var variables = JSONObject()
    var lost: [String] = []
    for (name, value) in userVariables {
      try Interrupt.check()
      do {
        variables[name] = try writer.note(value)
      } catch let error as CannotKeep {
        lost.append("\(name) (\(error.reason))")
      }
    }
    let index: JSON = [
      "kind": .string(Self.keptKind), "version": .int(Self.keptVersion),
      "program": .string(Self.version), "variables": .object(variables),
      "values": .array(writer.nodes), "checkpoints": .array(writer.checkpoints),
      "history": .array(earlierInputs.map { .string($0) }),
    ]
    try writeFolder(place.path) { folder in
      try writer.writeFiles(to: folder)
      try writeFile(folder + "/" + SessionPlace.index) { try $0.write(index.text() + "\n") }
    }
    output(
      .printed("saved \(counted(variables.members.count, "variable")) in \(place.path)\n"))
    if !lost.isEmpty { output(.notice("not kept: " + lost.joined(separator: ", "))) }
  }

  private func restore(_ name: String) throws {
    let place = try place(name, of: "load")
    try place.requireSession()
    let file = place.path + "/" + SessionPlace.index
    let index: JSON
    do {
      index = try MappedFile(path: file).withBytes { try JSON(reading: $0) }
    } catch let error as JSONError {
      throw FileError(path: file, reason: "is damaged: \(error)")
    }
    guard index["kind"]?.string == Self.keptKind, let variables = index["variables"]?.object,
      let history = index["history"]?.array?.compactMap(\.string)
    else { throw FileError(path: file, reason: "does not describe a session") }
    guard index["version"]?.int == Self.keptVersion else {
      throw FileError(path: file, reason: "was written by a newer version of Pare")
    }
    let reader = try SessionReader(folder: place.path, index: index, for: self)
    let members = variables.members.filter { !Self.ownNames.contains($0.key) }
    let lost = try restoreVariables(members, reader)
    try prependInputs(history)
    for notice in reader.notices { output(.notice(notice)) }
    let names = members.map(\.key).filter { name in !lost.contains { $0.name == name } }
    let list = names.isEmpty ? "" : ": " + names.joined(separator: ", ")
    output(.printed("restored \(counted(names.count, "variable"))\(list)\n"))
    if !lost.isEmpty {
      let reasons = lost.map { "\($0.name) (\($0.reason))" }
      output(.notice("not restored: " + reasons.joined(separator: ", ")))
    }
  }

  /// Sets the variables; none changes where this fails.
  ///
  /// - Returns: those that could not be had again.
  private func restoreVariables(
    _ members: [JSONObject.Member], _ reader: SessionReader
  ) throws -> [(name: String, reason: String)] {
    var values: [(name: String, value: Value)] = []
    var lost: [(name: String, reason: String)] = []
    for (name, reference) in members {
      try Interrupt.check()
      do {
        values.append((name, try reader.variable(reference)))
      } catch let error as LostReference {
        lost.append((name, error.reason))
      }
    }
    for (name, value) in values { interpreter.globals[name] = value }
    return lost
  }
}
