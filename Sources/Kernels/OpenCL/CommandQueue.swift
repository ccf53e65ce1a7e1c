internal import COpenCL
import Dispatch
import Synchronization

/// The device's queue: commands run in the order they come, and no more are under way than a
/// request to stop may wait for.
final class CommandQueue: @unchecked Sendable {
  let context: OpenCLContext
  /// The queue as the driver knows it.
  let handle: cl_command_queue
  private let launchWork: Int
  private let state = Mutex(State())
  private var driver: OpenCLDriver { context.driver }

  /// Commands that are under way in batches, the oldest first, and those since the last batch.
  private struct State: @unchecked Sendable {
    var batches: [Batch] = []
    var commands: [Command] = []
    var work = 0
  }

  private struct Command: @unchecked Sendable {
    let event: cl_event
    let operation: String
  }

  private typealias Batch = [Command]

  /// Batches that may be under way while another is made, and the commands of one.
  private static let batchesUnderWay = 2
  private static let commandsOfBatch = 64

  /// - Throws: `KernelError.failed` where the driver makes no queue.
  init(_ context: OpenCLContext, launchWork: Int) throws {
    self.context = context
    self.launchWork = launchWork
    var status: cl_int = 0
    let queue = context.driver.cl.clCreateCommandQueue(context.handle, context.device, 0, &status)
    try context.driver.check(status, "making a command queue")
    guard let queue else {
      throw KernelError.failed(operation: "making a command queue", reason: "none came back")
    }
    handle = queue
  }

  deinit {
    state.withLock { release($0.batches.joined() + $0.commands) }
    _ = driver.cl.clReleaseCommandQueue(handle)
  }

  /// Queues one command of about `work` operations, which tells its event; where much is under way,
  /// waits for the oldest.
  /// - Throws: `Interrupted` before it is queued; `KernelError.failed` with the operation's name,
  ///   or that of an earlier one that failed on the device.
  func submit(
    _ operation: String, work: Int,
    _ command: (UnsafeMutablePointer<cl_event?>) throws -> cl_int
  ) throws {
    try Interrupt.check()
    var event: cl_event?
    try driver.check(try command(&event), operation)
    let started = event.map { Command(event: $0, operation: operation) }
    let oldest: Batch? = state.withLock { state in
      if let started { state.commands.append(started) }
      state.work += work
      guard state.work >= launchWork || state.commands.count >= Self.commandsOfBatch,
        !state.commands.isEmpty
      else { return nil }
      state.batches.append(state.commands)
      (state.commands, state.work) = ([], 0)
      return state.batches.count > Self.batchesUnderWay ? state.batches.removeFirst() : nil
    }
    guard let oldest, let last = oldest.last else { return }
    defer { release(oldest) }
    try wait(for: last.event, last.operation, stops: true)
    try checkResults(of: oldest)
  }

  /// Waits until everything queued is done.
  /// - Throws: `KernelError.failed` with the name of the operation that failed on the device.
  func finish(_ operation: String = "waiting for the device") throws {
    let commands = state.withLock { state in
      defer { state = State() }
      return state.batches.joined() + state.commands
    }
    defer { release(commands) }
    try driver.check(driver.cl.clFinish(handle), operation)
    try checkResults(of: commands)
  }

  /// A command that ends badly is seen in its event alone.
  private func checkResults(of commands: [Command]) throws {
    for command in commands {
      var status: cl_int = 0
      let answer = driver.cl.clGetEventInfo(
        command.event, cl_uint(CL_EVENT_COMMAND_EXECUTION_STATUS), MemoryLayout<cl_int>.size,
        &status, nil)
      try driver.check(answer, command.operation)
      if status < 0 { try driver.check(status, command.operation) }
    }
  }

  private func release(_ commands: [Command]) {
    for command in commands { _ = driver.cl.clReleaseEvent(command.event) }
  }

  /// Waits for an event; a request to stop ends the waiting where `stops`.
  /// - Throws: `Interrupted`; `KernelError.failed` where the command behind the event failed.
  func wait(for event: cl_event, _ operation: String, stops: Bool) throws {
    let completion = Completion()
    let reference = Unmanaged.passRetained(completion)
    let status = driver.cl.clSetEventCallback(
      event, cl_int(CL_COMPLETE),
      { _, status, data in
        guard let data else { return }
        Unmanaged<Completion>.fromOpaque(data).takeRetainedValue().finish(status)
      }, reference.toOpaque())
    if status != 0 { reference.release() }
    try driver.check(status, operation)
    _ = driver.cl.clFlush(handle)
    while !completion.wait(milliseconds: 20) {
      if stops { try Interrupt.check() }
    }
    if completion.status < 0 { try driver.check(completion.status, operation) }
  }
}

/// Where a driver's thread tells that an event came to its end.
private final class Completion: Sendable {
  private let signal = DispatchSemaphore(value: 0)
  private let result = Atomic<Int32>(0)

  var status: cl_int { result.load(ordering: .acquiring) }

  func finish(_ status: cl_int) {
    result.store(status, ordering: .releasing)
    signal.signal()
  }

  func wait(milliseconds: Int) -> Bool {
    signal.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }
}
