internal import CReadline
import Foundation
import Kernels
import Language
import Workbench

/// Reads cells from the terminal: readline with whole cells as its lines.
///
/// Readline's state is the process's, so there is one editor; it belongs to the main thread.
final class LineEditor {
  /// What the user entered.
  enum Entry {
    case cell(String)
    /// Ctrl-C, and whether something was typed before it.
    case cancelled(wasEmpty: Bool)
    /// Ctrl-D, or a terminal that is gone.
    case end
  }

  let session: Session
  /// What was typed while a cell ran.
  let keys: TypedAhead
  /// The editor that readline's callbacks, which carry no context, belong to.
  nonisolated(unsafe) private static weak var current: LineEditor?
  private var isCancelled = false
  /// Whether a key was pressed since the cell began.
  private var hasTyped = false
  private var recall = Recall()
  var lastTab: (cell: [UInt8], cursor: Int)?
  /// The indentation that Return added last, where it ends, and when.
  var added: (spaces: Int, end: Int, at: ContinuousClock.Instant)?

  /// An editor that completes names of the session, and reads `keys` before the terminal.
  init(session: Session, keys: TypedAhead) {
    self.session = session
    self.keys = keys
    Self.current = self
    pare_rl_set_name(strdup("pare"))
    pare_rl_leave_signals()
    if isatty(STDOUT_FILENO) != 1 { pare_rl_set_output_to_errors() }
    rl_initialize()
    rl_variable_bind("enable-bracketed-paste", "on")
    rl_variable_bind("blink-matching-paren", "off")
    pare_rl_set_read_key { _ in LineEditor.current?.readKey() ?? EOF }
    pare_rl_set_redisplay { ContinuationPrompt.redisplay() }
    bindKeys()
    using_history()
  }

  private typealias Command = @convention(c) (_ count: Int32, _ key: Int32) -> Int32

  private func bindKeys() {
    let enter: Command = { _, _ in LineEditor.current?.enter() ?? 0 }
    let newline: Command = { _, _ in LineEditor.current?.insertLine() ?? 0 }
    let tab: Command = { _, _ in LineEditor.current?.tab() ?? 0 }
    let up: Command = { _, _ in LineEditor.current?.up() ?? 0 }
    let down: Command = { _, _ in LineEditor.current?.down() ?? 0 }
    let back: Command = { count, key in LineEditor.current?.back(count, key) ?? 0 }
    let space: Command = { count, key in LineEditor.current?.space(count, key) ?? 0 }
    for name in ["emacs", "vi-insert", "vi-command"] {
      guard let map = rl_get_keymap_by_name(name) else { continue }
      for key in ["\\C-m", "\\C-j"] { rl_bind_keyseq_in_map(key, enter, map) }
      for key in ["\\e[A", "\\eOA", "\\C-p"] { rl_bind_keyseq_in_map(key, up, map) }
      for key in ["\\e[B", "\\eOB", "\\C-n"] { rl_bind_keyseq_in_map(key, down, map) }
      if name == "vi-command" { continue }
      for key in ["\\C-h", "\\C-?"] { rl_bind_keyseq_in_map(key, back, map) }
      rl_bind_keyseq_in_map("\\C-i", tab, map)
      rl_bind_keyseq_in_map(" ", space, map)
    }
    for key in ["\\e\\C-m", "\\e\\C-j"] { rl_bind_keyseq(key, newline) }
    // A slow terminal may answer what it can do after the prompt has begun.
    let answer: Command = { _, _ in
      while true {
        let key = rl_read_key()
        let isInside = (0x30...0x3B).contains(key)
        if !isInside { return 0 }
      }
    }
    rl_bind_keyseq("\\e[?", answer)
  }

  /// Adds a cell to what Up recalls.
  func remember(_ cell: String) {
    add_history(cell)
    recall.append(cell)
  }

  /// Waits for the next cell.
  func read(prompt: String) -> Entry {
    isCancelled = false
    hasTyped = false
    lastTab = nil
    recall.reset()
    guard let line = readline(prompt) else {
      pare_rl_write("\n")
      return .end
    }
    defer { free(line) }
    let text = String(cString: line)
    if isCancelled { return .cancelled(wasEmpty: text.isEmpty && !hasTyped) }
    return .cell(text)
  }
}

// MARK: Keys

extension LineEditor {
  /// The next byte from the terminal. After Ctrl-C it is Return until the editor gives up its line.
  private func readKey() -> Int32 {
    var interrupt = sigset_t()
    var before = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_BLOCK, &interrupt, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    while true {
      if Interrupt.isRequested { isCancelled = true }
      if isCancelled {
        _ = keys.takeAll()
        return Int32(UInt8(ascii: "\n"))
      }
      if let byte = keys.next() { return Int32(byte) }
      guard pare_wait_to_read(STDIN_FILENO, &before) == 1 else {
        redrawAfterResize()
        if SignalHandlers.wasResumed() { takeTerminalBack() }
        continue
      }
      var byte: UInt8 = 0
      let count = Glibc.read(STDIN_FILENO, &byte, 1)
      if count == 1 {
        hasTyped = true
        return Int32(byte)
      }
      if count == 0 || (errno != EINTR && errno != EAGAIN) { return EOF }
    }
  }

  /// A terminal that changed its size is drawn anew, in place of what it showed: readline itself
  /// would write it once more.
  private func redrawAfterResize() {
    let before = ContinuationPrompt.screen
    let rows = ContinuationPrompt.rowsAboveCursor
    var size = winsize()
    let hasChanged =
      ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
      && (Int(size.ws_row) != before.rows || Int(size.ws_col) != before.columns)
    if hasChanged, isatty(STDOUT_FILENO) == 1 {
      pare_rl_write((rows > 0 ? "\u{1B}[\(rows)A" : "") + "\r\u{1B}[J")
    }
    rl_check_signals()
  }

  /// After Ctrl-Z and `fg` the terminal is as the shell left it.
  private func takeTerminalBack() {
    rl_deprep_terminal()
    rl_prep_terminal(1)
    rl_forced_update_display()
  }

  /// Return: ends the cell where it can run, else begins its next line.
  private func enter() -> Int32 {
    let cell = text
    // A cell that ran before is whole, though no blank line ends its last block.
    let isWhole = isCancelled || recall.isShown(cell)
    if !isWhole, case .incomplete(let indent) = Completeness(of: cell) {
      // What a terminal pastes key by key has its own indentation.
      let isAtEnd = pare_rl_point() == pare_rl_end()
      let spaces = isAtEnd && !isKeyWaiting ? indent : 0
      rl_insert_text("\n" + String(repeating: " ", count: spaces))
      added = spaces > 0 ? (spaces, Int(pare_rl_point()), ContinuousClock().now) : nil
      return 0
    }
    // A blank line inside a pasted block does not end it.
    if !isWhole, isInsidePaste(cell) { return insertLine() }
    // The text that stays on the screen ends behind its last line.
    pare_rl_set_point(pare_rl_end())
    ContinuationPrompt.redisplay()
    rl_crlf()
    rl_on_new_line()
    pare_rl_set_done()
    return 0
  }

  /// Alt-Return: a new line whatever stands there.
  private func insertLine() -> Int32 {
    rl_insert_text("\n")
    return 0
  }

  /// Backspace: a whole level of an indentation.
  private func back(_ count: Int32, _ key: Int32) -> Int32 {
    let line = linesAroundCursor.before.last ?? ""
    guard !line.isEmpty, line.allSatisfy({ $0 == " " }), count == 1 else {
      return rl_rubout(count, key)
    }
    let spaces = (line.count - 1) % 4 + 1
    let point = pare_rl_point()
    rl_delete_text(point - Int32(spaces), point)
    pare_rl_set_point(point - Int32(spaces))
    return 0
  }

  /// Up: the line above in a cell of several; on the first one the last cell that begins as this
  /// one does before the cursor.
  private func up() -> Int32 {
    let (before, _) = linesAroundCursor
    guard let previous = before.dropLast().last, let line = before.last else {
      return show(recall.older(than: text, typed: before.joined(separator: "\n")))
    }
    let column = min(line.unicodeScalars.count, previous.unicodeScalars.count)
    let start = before.dropLast(2).reduce(0) { $0 + $1.utf8.count + 1 }
    move(to: start + previous.unicodeScalars.prefix(column).reduce(0) { $0 + UTF8.width($1) })
    return 0
  }

  /// Down: the line below; on the last one the next cell.
  private func down() -> Int32 {
    let (before, after) = linesAroundCursor
    guard let rest = after.first, let next = after.dropFirst().first, let line = before.last else {
      return show(recall.newer(than: text))
    }
    let column = min(line.unicodeScalars.count, next.unicodeScalars.count)
    let start = Int(pare_rl_point()) + rest.utf8.count + 1
    move(to: start + next.unicodeScalars.prefix(column).reduce(0) { $0 + UTF8.width($1) })
    return 0
  }

  private func show(_ recalled: String?) -> Int32 {
    guard let recalled else { return rl_ding() }
    replace(0..<Int(pare_rl_end()), with: recalled)
    return 0
  }

  func move(to offset: Int) { pare_rl_set_point(Int32(clamping: offset)) }

  /// The lines before the cursor, the last one up to it, and those after it, the first one from it.
  var linesAroundCursor: (before: [Substring], after: [Substring]) {
    let bytes = Array(text.utf8)
    let cursor = min(max(0, Int(pare_rl_point())), bytes.count)
    func lines(_ part: ArraySlice<UInt8>) -> [Substring] {
      String(decoding: part, as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false)
    }
    return (lines(bytes[..<cursor]), lines(bytes[cursor...]))
  }

  var text: String {
    guard let line = pare_rl_line() else { return "" }
    let bytes = UnsafeRawBufferPointer(start: line, count: max(0, Int(pare_rl_end())))
    return String(decoding: bytes, as: UTF8.self)
  }
}
