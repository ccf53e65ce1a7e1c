import COpenCL
import Kernels
import Synchronization

/// An OpenCL driver that refuses to start kernels after some have been started, as one does whose card
/// is lost or busy. One a process: tests that use it run in a process of their own.
package enum FailingDriver {
  private static let left = Atomic(Int.max)
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
    return try OpenCLDevice(OpenCLDescription.all()[0], driver)
  }

  /// Lets so many kernels start; nil all of them.
  package static func fail(after launches: Int?) {
    left.store(launches ?? .max, ordering: .relaxed)
  }
}
