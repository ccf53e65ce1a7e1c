import ArgumentParser
import Foundation

/// What the process says to who started it.
enum ExitStatus: Int32, Error {
  case done = 0
  /// A cell failed, a script does not parse, a file is missing; it has been reported.
  case failed = 1
  /// Wrong options.
  case wrongOptions = 2
  case interrupted = 130
}

/// Ends the process.
func leave(_ status: ExitStatus) -> Never {
  fflush(nil)
  // exit() would take down C++'s globals under the feet of threads that still wait for work.
  _exit(status.rawValue)
}

/// Ends the process with what an error asks for: options explained, a fault reported.
func leave(reporting error: any Error) -> Never {
  if let status = error as? ExitStatus { leave(status) }
  // Help, a version and wrong options are what the argument parser knows to put into words.
  let code = Pare.exitCode(for: error)
  if code.isSuccess {
    Console().write(Pare.fullMessage(for: error) + "\n")
    leave(.done)
  }
  if code == .validationFailure {
    // The argument parser's word for it is `Error:`; everything else here says `error:`.
    let message = Pare.fullMessage(for: error)
    let reason = message.hasPrefix("Error:") ? message.dropFirst("Error:".count) : " " + message
    Console().report("error:" + reason)
    leave(.wrongOptions)
  }
  Console().report("error: \(error)")
  leave(.failed)
}
