import Foundation
import Workbench

/// How the terminal on standard output shows figures.
enum GraphicsSupport {
  /// The variable that decides it against all signs.
  static let variable = "PARE_FIGURES"
  private static let textAlone = "none"

  /// What the variable may be.
  static var choices: [String] { TerminalGraphics.allCases.map(\.rawValue) + [textAlone] }

  /// What the variables of the environment say.
  enum Sign: Equatable {
    /// Pictures of this kind.
    case graphics(TerminalGraphics)
    /// No pictures, by the user's wish.
    case refused
    /// The terminal has to be asked for sixels; where it has none, this is left.
    case unknown(otherwise: TerminalGraphics?)
  }

  /// Reads the variables.
  static func sign(in environment: [String: String]) -> Sign {
    if let chosen = environment[variable], !chosen.isEmpty {
      return TerminalGraphics(rawValue: chosen).map { .graphics($0) } ?? .refused
    }
    let (name, program) = (environment["TERM"] ?? "", environment["TERM_PROGRAM"] ?? "")
    if name == "dumb" { return .refused }
    // A multiplexer hands on the variables of the terminal around it, but not its pictures.
    let isInside =
      environment["TMUX"] != nil || name.hasPrefix("tmux") || name.hasPrefix("screen")
    if !isInside {
      let known = [name, program].map { $0.lowercased() }
      if environment["KITTY_WINDOW_ID"] != nil
        || known.contains(where: { text in
          ["kitty", "ghostty", "wezterm"].contains { text.contains($0) }
        })
      {
        return .graphics(.kitty)
      }
      if program == "iTerm.app" { return .graphics(.iterm) }
      if ["sixel", "mlterm", "foot"].contains(where: { name.contains($0) }) {
        return .graphics(.sixel)
      }
    }
    let hasTrueColor = ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
    let isColorRefused = !(environment["NO_COLOR"] ?? "").isEmpty
    return .unknown(otherwise: hasTrueColor && !isColorRefused ? .blocks : nil)
  }
}
