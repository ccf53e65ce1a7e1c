import AMXEmulator
import Foundation
import Testing

/// A SIGILL that is not of AMX code is left to whom it belonged before.
@Suite("AMX: other signals", .enabled(if: canRunAMX)) struct ForeignSignalTests {
  @Test func unknownInstructionEndsTheProcess() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      signal(SIGILL, SIG_DFL)
      try withAMX { amx_exercise_foreign_instruction() }
    }
  }

  @Test func ignoringDoesNotHelp() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      signal(SIGILL, SIG_IGN)
      try withAMX { amx_exercise_foreign_instruction() }
    }
  }

  @Test func handlerFromBeforeIsCalled() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGILL) { _ in _exit(7) }
      try withAMX { amx_exercise_foreign_instruction() }
    }
  }

  @Test func handlerFromBeforeGetsThePlace() async {
    await #expect(processExitsWith: .exitCode(8)) {
      var action = sigaction()
      action.sa_flags = SA_SIGINFO
      action.__sigaction_handler.sa_sigaction = { number, information, context in
        let isWhole = number == SIGILL && information?.pointee.si_signo == SIGILL && context != nil
        _exit(isWhole ? 8 : 1)
      }
      sigaction(SIGILL, &action, nil)
      try withAMX { amx_exercise_foreign_instruction() }
    }
  }

  @Test func sentSignalEndsTheProcess() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      signal(SIGILL, SIG_DFL)
      try withAMX { _ = raise(SIGILL) }
    }
  }

  /// Installed twice and removed once AMX code runs, removed twice it does not.
  @Test(.enabled(if: amx_emulator_is_needed())) func lastRemovalCounts() async {
    await #expect(processExitsWith: .exitCode(9)) {
      signal(SIGILL) { _ in _exit(9) }
      var bytes = [UInt8](repeating: 0, count: 64)
      var others = bytes
      try withAMX {
        try withAMX {}
        amx_exercise_configurations(&bytes, &others)
      }
      guard bytes[0] == 1 else { _exit(1) }
      amx_exercise_configurations(&bytes, &others)
    }
  }
}
