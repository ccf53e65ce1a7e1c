import Foundation
import Glibc

/// The program at a terminal of its own: keys go in, what the screen received comes out.
final class Terminal {
  private let master: Int32
  private let process: pid_t
  private var received: [UInt8] = []
  private var looked = 0
  private var status: Int32?

  /// Control keys as a terminal sends them.
  enum Key: String {
    case enter = "\r"
    case tab = "\t"
    case interrupt = "\u{3}"
    case back = "\u{7F}"
    case end = "\u{4}"
    case up = "\u{1B}[A"
    case down = "\u{1B}[B"
  }

  /// Starts the prompt.
  ///
  /// - Parameters:
  ///   - state: the folder that keeps the history.
  ///   - folder: the working directory.
  ///   - columns: the width of the terminal.
  ///   - rows: its height.
  init(
    state: String, environment: [String: String] = [:], in folder: String? = nil,
    columns: UInt16 = 100, rows: UInt16 = 40
  ) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (unlock, number): (Int32, UInt32) = (0, 0)
    // TIOCSPTLCK and TIOCGPTN, which Swift's Glibc does not name.
    guard master >= 0, ioctl(master, 0x4004_5431, &unlock) == 0,
      ioctl(master, 0x8004_5430, &number) == 0
    else { throw Unexpected("there is no pseudo-terminal") }
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // POSIX_SPAWN_SETSID: a session's first terminal becomes its own, so that Ctrl-C is a signal.
    posix_spawnattr_setflags(&attributes, 0x80)

    var variables = [
      "TERM": "xterm", "XDG_STATE_HOME": state, "HOME": state, "INPUTRC": "/dev/null",
    ]
    variables.merge(environment) { $1 }
    var pointers = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var arguments = [strdup("pare"), nil]
    defer { free(arguments[0]) }
    var child = pid_t()
    guard posix_spawn(&child, Program.path, &actions, &attributes, &arguments, &pointers) == 0
    else {
      throw Unexpected("the program does not start")
    }
    process = child
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(master)
  }

  /// Types text and keys.
  func type(_ text: String, _ keys: Key...) {
    var bytes = Array((text + keys.map(\.rawValue).joined()).utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Whether the text comes on the screen, after what was looked for before.
  func shows(_ text: String, within seconds: Double = 20) -> Bool {
    waited(seconds: seconds) {
      receive()
      let screen = Self.plain(received[looked...])
      guard screen.contains(text) else { return false }
      looked = received.count
      return true
    }
  }

  /// All that the screen has received, without the sequences that colour it and move about.
  var screen: String {
    receive()
    return Self.plain(received[...])
  }

  /// What the screen has received as it came.
  var raw: String {
    receive()
    return String(decoding: received, as: UTF8.self)
  }

  /// The program's status when it has ended; nil where it goes on.
  func ended(within seconds: Double = 20) -> Int32? {
    _ = waited(seconds: seconds) {
      receive()
      var code: Int32 = 0
      if status == nil, waitpid(process, &code, WNOHANG) == process {
        status = code & 0x7F == 0 ? (code >> 8) & 0xFF : -(code & 0x7F)
      }
      return status != nil
    }
    return status
  }

  private func receive() {
    var state = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while poll(&state, 1, 0) > 0 {
      let count = read(master, &bytes, bytes.count)
      guard count > 0 else { return }
      received.append(contentsOf: bytes[..<count])
    }
  }

  private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
      .replacingOccurrences(of: "\u{1B}\\[[0-9;?]*[A-Za-z]", with: "", options: .regularExpression)
      .replacingOccurrences(of: "\r", with: "")
  }
}
