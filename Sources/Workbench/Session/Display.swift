import Figures
import Language

/// What a value looks like to the three faces of a session: text always, more where there is more.
public struct Display {
  /// Plain text, as `repr` gives it.
  public let text: String
  /// The same as an HTML fragment, for notebooks.
  public let html: String?
  /// The figure, for notebooks and files.
  public let figure: Figure?
  /// Whether notebooks and front ends get the figure as SVG in place of PNG.
  public var isVector = false

  /// A display.
  public init(text: String, html: String? = nil, figure: Figure? = nil) {
    self.text = text
    self.html = html
    self.figure = figure
  }
}

/// A host object that shows as more than its text.
protocol Displayable {
  /// The object as HTML or a figure beside its text.
  func display() throws -> Display
}

extension Display {
  /// How a value shows; a long list of names that differ by a number shows each kind once.
  ///
  /// - Parameter width: the columns for its text; nil: as many as it likes.
  /// - Throws: what a host's object throws.
  public init(_ value: Value, width: Int? = nil) throws {
    if case .object(let object) = value, let displayable = object as? any Displayable {
      let display = try displayable.display()
      let text = try width.map { try object.representation(width: $0) }
      self.init(text: text ?? display.text, html: display.html, figure: display.figure)
    } else if case .list(let list) = value, let names = FoldedNames(list.elements) {
      self.init(text: names.text)
    } else {
      self.init(text: try value.shown(width: width))
    }
  }
}

/// What a session tells whoever runs it, in order.
public enum OutputEvent {
  /// Text that a cell printed.
  case printed(String)
  /// Text to read beside the cell: help.
  case paged(String)
  /// A line that is no output of the cell: a warning.
  case notice(String)
  /// A value that the cell showed by `display`.
  case displayed(Display)
  /// How far a long operation has come; nil when it has ended.
  case progress(ProgressState?)
  /// What was shown so far is to be removed, now or (where `waits`) with the next output.
  case cleared(waits: Bool)
}

/// How far a long operation has come.
public struct ProgressState: Sendable {
  /// What is being done, `distill`.
  public let title: String
  /// Units done.
  public let done: Int
  /// All units.
  public let total: Int
  /// Units that were done before the start.
  public let before: Int
  /// Seconds since the start.
  public let seconds: Double
  /// Something of the moment, `loss 2.31`.
  public let note: String

  /// A state.
  public init(
    title: String, done: Int, total: Int, before: Int = 0, seconds: Double, note: String
  ) {
    self.title = title
    self.done = done
    self.total = total
    self.before = before
    self.seconds = seconds
    self.note = note
  }

  /// Units a second.
  public var rate: Double { seconds > 0 ? Double(done - before) / seconds : 0 }
  /// Seconds that the rest will take at this rate, nil at the start.
  public var secondsLeft: Double? {
    done > before ? seconds / Double(done - before) * Double(total - done) : nil
  }
}
