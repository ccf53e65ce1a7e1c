import COpenCL
import Kernels
import Synchronization

/// An OpenCL driver that refuses to start kernels after some have been started, as one does whose
/// card is lost or busy. One a process: tests that use it run in a process of their own.
package enum FailingDriver {
  private static let left = Atomic(Int.max)
  private static let spoilsResults = Atomic(false)
  private static let installed = OpenCLDriver.installed

  /// The first OpenCL device, under this driver.
  package static func device() throws -> OpenCLDevice {
    var driver = try installed.get()
    driver.cl.clEnqueueNDRangeKernel = {
      queue, kernel, rank, offset, size, group, count, list, event in
      guard FailingDriver.left.subtract(1, ordering: .relaxed).newValue >= 0 else { return -5 }
      guard case .success(let driver) = FailingDriver.installed else { return -36 }
      return driver.cl.clEnqueueNDRangeKernel(
        queue, kernel, rank, offset, size, group, count, list, event)
    }
    driver.cl.clGetEventInfo = { event, what, size, value, used in
      guard case .success(let driver) = FailingDriver.installed else { return -36 }
      let answer = driver.cl.clGetEventInfo(event, what, size, value, used)
      if FailingDriver.spoilsResults.load(ordering: .relaxed) {
        value?.storeBytes(of: -5, as: Int32.self)
      }
      return answer
    }
    return try OpenCLDevice(OpenCLDescription.all()[0], driver)
  }

  /// Whether kernels that started end badly, as on a card that resets.
  package static func spoilResults(_ spoils: Bool) {
    spoilsResults.store(spoils, ordering: .relaxed)
  }

  /// Lets so many kernels start; nil all of them.
  package static func fail(after launches: Int?) {
    left.store(launches ?? .max, ordering: .relaxed)
  }
}
