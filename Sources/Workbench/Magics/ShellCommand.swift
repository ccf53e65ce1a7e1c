import Foundation
import Kernels
import Language

/// A command of the shell, in a process group of its own, with its output as it comes.
struct ShellCommand {
  /// How a command ended.
  enum Ending: Equatable {
    /// By itself, with its status.
    case exited(Int32)
    /// By a signal.
    case killed(Int32)
    /// It wanted the keyboard, which is the prompt's, and was ended.
    case wantedKeyboard
  }

  /// Which of a command's outputs a piece came from.
  enum Stream {
    case output, errors
  }

  private let process: pid_t
  private var pipes: [(stream: Stream, descriptor: Int32)]

  /// How long a request to stop may go unnoticed, and how long a stopped command has to end by
  /// itself.
  private static let (patience, grace): (Int32, Int) = (50, 20)

  /// Runs its second argument in the folder that is its first.
  private static let elsewhere = "cd -- \"$0\" && exec /bin/sh -c \"$1\""

  /// Starts `/bin/sh -c command`, in a folder other than the working directory where one is given.
  /// - Throws: `LanguageError` where the system gives no process or pipe.
  init(_ command: String, in folder: String?) throws {
    let output = try Self.pipe()
    let errors: (read: Int32, write: Int32)
    do {
      errors = try Self.pipe()
    } catch {
      for end in [output.read, output.write] { close(end) }
      throw error
    }
    defer { for end in [output.write, errors.write] { close(end) } }
    pipes = [(.output, output.read), (.errors, errors.read)]

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The keyboard stays the prompt's: a command in the background that read it would be stopped.
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors.write, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // This thread blocks all signals, and the process ignores SIGPIPE; a command does neither.
    var (none, standard) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigemptyset(&standard)
    sigaddset(&standard, SIGPIPE)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &standard)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let line = folder.map { ["-c", Self.elsewhere, $0, command] } ?? ["-c", command]
    var arguments: [UnsafeMutablePointer<CChar>?] = (["sh"] + line).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, environ)
    guard code == 0 else {
      for pipe in pipes { close(pipe.descriptor) }
      throw Self.failure(code)
    }
    process = child
  }

  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Foundation.pipe(&ends) == 0 else {
      throw failure(errno)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func failure(_ code: Int32) -> LanguageError {
    let reason = String(cString: strerror(code))
    return LanguageError(
      "the shell cannot be started: " + reason.prefix(1).lowercased() + reason.dropFirst())
  }

  /// Waits until the command ends. What it leaves running in the background goes on, its output
  /// unread and thrown away.
  ///
  /// - Parameter receive: takes what the command writes, piece by piece.
  /// - Throws: `Interrupted` where the user stops it: it is killed, with all that it started.
  mutating func wait(_ receive: (Stream, ArraySlice<UInt8>) throws -> Void) throws -> Ending {
    defer { letGo() }
    do {
      var ending: Ending?
      var left = Self.mostPipe
      while true {
        try Interrupt.check()
        let count = try read(for: ending == nil ? Self.patience : 0, receive)
        if ending != nil {
          // What the command wrote before its end; what its children write goes on for ever.
          left -= count
          if count == 0 || left <= 0 { break }
        }
        ending = ending ?? endedNow()
        if ending == .wantedKeyboard { kill() }
      }
      return ending ?? .exited(0)
    } catch {
      kill()
      throw error
    }
  }

  /// As many bytes as pipes hold.
  private static let mostPipe = 1 << 18

  /// Reads on behind the session's back where something still writes: closed pipes would end it.
  private mutating func letGo() {
    let descriptors = pipes.map(\.descriptor)
    pipes = []
    guard !descriptors.isEmpty else { return }
    Thread.detachNewThread {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      var open = descriptors
      while !open.isEmpty {
        var states = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&states, nfds_t(states.count), -1) > 0 else { continue }
        for state in states where state.revents != 0 {
          if Foundation.read(state.fd, &bytes, bytes.count) > 0 { continue }
          close(state.fd)
          open.removeAll { $0 == state.fd }
        }
      }
    }
  }

  /// Reads what is there, and says how many bytes.
  private mutating func read(
    for milliseconds: Int32, _ receive: (Stream, ArraySlice<UInt8>) throws -> Void
  ) throws -> Int {
    guard !pipes.isEmpty else {
      usleep(useconds_t(min(milliseconds, 5)) * 1000)
      return 0
    }
    var states = pipes.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    guard poll(&states, nfds_t(states.count), milliseconds) > 0 else { return 0 }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    var all = 0
    for (state, pipe) in zip(states, pipes) where state.revents != 0 {
      let count = Foundation.read(pipe.descriptor, &bytes, bytes.count)
      if count > 0 {
        all += count
        try receive(pipe.stream, bytes[..<count])
      } else if count == 0 || errno != EINTR {
        close(pipe.descriptor)
        pipes.removeAll { $0.descriptor == pipe.descriptor }
      }
    }
    return all
  }

  private func endedNow() -> Ending? {
    var code: Int32 = 0
    guard waitpid(process, &code, WNOHANG | WUNTRACED) == process else { return nil }
    // Stopped by the terminal: it read the keyboard, or set the terminal, as git and sudo do.
    if code & 0xFF == 0x7F { return .wantedKeyboard }
    return code & 0x7F == 0 ? .exited((code >> 8) & 0xFF) : .killed(code & 0x7F)
  }

  /// Ends the command and what it started: politely first, then for certain.
  private func kill() {
    _ = Foundation.kill(-process, SIGINT)
    for _ in 0..<Self.grace {
      if hasEnded { return }
      usleep(5_000)
    }
    _ = Foundation.kill(-process, SIGKILL)
    // One of another user goes on: it is not waited for.
    for _ in 0..<Self.grace where !hasEnded { usleep(5_000) }
  }

  private var hasEnded: Bool {
    var code: Int32 = 0
    return waitpid(process, &code, WNOHANG) != 0
  }
}
