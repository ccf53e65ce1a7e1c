internal import COpenCL

/// A device opened for work: its context and the functions to reach it with.
final class OpenCLContext: @unchecked Sendable {
  let driver: OpenCLDriver
  let device: cl_device_id
  let handle: cl_context

  /// - Throws: `KernelError.failed` where the driver opens no context.
  init(_ description: OpenCLDescription, _ driver: OpenCLDriver) throws {
    self.driver = driver
    device = description.handle.id
    var status: cl_int = 0
    var ids: [cl_device_id?] = [device]
    let context = driver.cl.clCreateContext(nil, 1, &ids, nil, nil, &status)
    try driver.check(status, "opening the OpenCL device \(description.name)")
    guard let context else {
      throw KernelError.failed(
        operation: "opening the OpenCL device \(description.name)", reason: "no context came back")
    }
    handle = context
  }

  deinit { _ = driver.cl.clReleaseContext(handle) }

  /// Memory of `size` bytes, nil where the driver has none.
  func createBuffer(_ size: Int) -> cl_mem? {
    var status: cl_int = 0
    let memory = driver.cl.clCreateBuffer(handle, CL_MEM_READ_WRITE, size, nil, &status)
    return status == 0 ? memory : nil
  }

  func release(_ memory: cl_mem) { _ = driver.cl.clReleaseMemObject(memory) }
}
