import Foundation

extension ProgressState {
  /// Units done of all, rate and time left: `distill  12/100  3.1/s  28 s left  loss 2.31`.
  public var line: String {
    (["\(title)  \(done)/\(total)"] + pace + (note.isEmpty ? [] : [note])).joined(separator: "  ")
  }

  /// The line in so many characters: without the note where it is too long, then with the title
  /// cut, so that rate and time left stay.
  public func line(fitting width: Int) -> String {
    if line.count <= width { return line }
    let counts = (["\(done)/\(total)"] + pace).joined(separator: "  ")
    let room = width - counts.count - 2
    if room >= title.count { return title + "  " + counts }
    return String((room >= 4 ? title.prefix(room - 1) + "…  " + counts : counts).prefix(width))
  }

  /// Rate and time left, as far as there are any.
  private var pace: [String] {
    var parts: [String] = []
    if done > before, seconds > 0 { parts.append(Self.rate(rate)) }
    if let secondsLeft, done < total { parts.append(Self.duration(secondsLeft) + " left") }
    return parts
  }

  /// The whole in one line when it has ended: `distill  100/100  in 32 s  3.1/s  loss 2.02`.
  public var lastLine: String {
    var parts = ["\(title)  \(done)/\(total)", "in " + Self.duration(seconds)]
    if done > before, seconds > 0 { parts.append(Self.rate(rate)) }
    if !note.isEmpty { parts.append(note) }
    return parts.joined(separator: "  ")
  }

  private static func rate(_ rate: Double) -> String {
    String(format: rate < 10 ? "%.2f/s" : "%.0f/s", rate)
  }

  /// `8.2 s`, `42 s`, `3 min 05 s`, `2 h 07 min`.
  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "long" }
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
    return String(format: "%d h %02d min", whole / 3600, whole / 60 % 60)
  }
}
