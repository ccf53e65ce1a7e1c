import Foundation

/// The folder for what the program keeps from one prompt to the next, by the XDG base directory
/// specification; nothing need be there yet.
public func stateFolder(
  environment: [String: String] = ProcessInfo.processInfo.environment
) -> String {
  let given = environment["XDG_STATE_HOME"] ?? ""
  // The specification: a relative path is invalid and ignored.
  let state = given.hasPrefix("/") ? given : expandingHome("~/.local/state")
  return state + "/pare"
}
