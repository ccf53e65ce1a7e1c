internal import COpenCL
import Dispatch
import Synchronization

/// The device's queue: commands run in the order they come, and no more are under way than a request
/// to stop may wait for.
final class CommandQueue: @unchecked Sendable {
  let context: OpenCLContext
  /// The queue as the driver knows it.
  let handle: cl_command_queue
  private let launchWork: Int
  private let state = Mutex(State())
  private var driver: OpenCLDriver { context.driver }

  /// Marks behind queued work, the oldest first, and the work since the last one.
  private struct State: @unchecked Sendable {
    var marks: [cl_event] = []
    var work = 0
    var commands = 0
  }

  /// Marks that may be outstanding, and commands between two.
  private static let marksUnderWay = 2
  private static let commandsPerMark = 64

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
    state.withLock { for mark in $0.marks { _ = driver.cl.clReleaseEvent(mark) } }
    _ = driver.cl.clReleaseCommandQueue(handle)
  }

  /// Queues one command of about `work` operations; where much is under way, waits for the oldest.
  /// - Throws: `Interrupted` before it is queued; `KernelError.failed` with the operation's name.
  func submit(_ operation: String, work: Int, _ command: () throws -> cl_int) throws {
    try Interrupt.check()
    try driver.check(try command(), operation)
    let oldest: Mark? = try state.withLock { state in
      state.work += work
      state.commands += 1
      guard state.work >= launchWork || state.commands >= Self.commandsPerMark else { return nil }
      (state.work, state.commands) = (0, 0)
      var mark: cl_event?
      try driver.check(
        driver.cl.clEnqueueMarkerWithWaitList(handle, 0, nil, &mark), operation)
      if let mark { state.marks.append(mark) }
      _ = driver.cl.clFlush(handle)
      return state.marks.count > Self.marksUnderWay ? Mark(event: state.marks.removeFirst()) : nil
    }
    if let oldest {
      defer { _ = driver.cl.clReleaseEvent(oldest.event) }
      try wait(for: oldest.event, operation, stops: true)
    }
  }

  private struct Mark: @unchecked Sendable { let event: cl_event }

  /// Waits until everything queued is done.
  /// - Throws: `KernelError.failed` where the device reports an error of earlier work.
  func finish(_ operation: String = "waiting for the device") throws {
    let marks = state.withLock { state in
      defer { state = State() }
      return state.marks.map(Mark.init)
    }
    for mark in marks { _ = driver.cl.clReleaseEvent(mark.event) }
    try driver.check(driver.cl.clFinish(handle), operation)
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
