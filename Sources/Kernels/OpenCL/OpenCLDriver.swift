package import COpenCL

/// The functions of the OpenCL loader and of CLBlast, opened at run time.
package struct OpenCLDriver: @unchecked Sendable {
  /// OpenCL's functions.
  package var cl: pare_opencl
  /// CLBlast's functions.
  package var blast: pare_clblast

  /// The machine's libraries, opened when first asked for; the failure says what to install.
  package static let installed: Result<OpenCLDriver, KernelError> = {
    var driver = OpenCLDriver(cl: pare_opencl(), blast: pare_clblast())
    if let problem = pare_opencl_open(&driver.cl) {
      return .failure(
        .unsupported(
          "no OpenCL loader: \(String(cString: problem)); install ocl-icd-libopencl1 and your "
            + "card's OpenCL driver, or pocl-opencl-icd to compute on the processor"))
    }
    if let problem = pare_clblast_open(&driver.blast) {
      return .failure(
        .unsupported(
          "no CLBlast, which multiplies matrices on OpenCL devices: \(String(cString: problem)); "
            + "install libclblast1"))
    }
    return .success(driver)
  }()

  /// Throws where a call did not succeed.
  /// - Throws: `KernelError.failed` that names the operation and the driver's answer.
  func check(_ status: cl_int, _ operation: @autoclosure () -> String) throws {
    guard status != 0 else { return }
    throw KernelError.failed(operation: operation(), reason: Self.reason(status))
  }

  /// The specification's name of a status, and what it means where that helps.
  static func reason(_ status: cl_int) -> String {
    let name =
      switch status {
      case -1: "CL_DEVICE_NOT_FOUND"
      case -2: "CL_DEVICE_NOT_AVAILABLE"
      case -3: "CL_COMPILER_NOT_AVAILABLE"
      case -4: "CL_MEM_OBJECT_ALLOCATION_FAILURE (the device has no memory left)"
      case -5: "CL_OUT_OF_RESOURCES"
      case -6: "CL_OUT_OF_HOST_MEMORY"
      case -9: "CL_IMAGE_FORMAT_MISMATCH"
      case -11: "CL_BUILD_PROGRAM_FAILURE"
      case -14: "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST"
      case -30: "CL_INVALID_VALUE"
      case -34: "CL_INVALID_CONTEXT"
      case -36: "CL_INVALID_COMMAND_QUEUE"
      case -38: "CL_INVALID_MEM_OBJECT"
      case -42: "CL_INVALID_BINARY"
      case -44: "CL_INVALID_PROGRAM"
      case -45: "CL_INVALID_PROGRAM_EXECUTABLE"
      case -46: "CL_INVALID_KERNEL_NAME"
      case -48: "CL_INVALID_KERNEL"
      case -52: "CL_INVALID_KERNEL_ARGS"
      case -54: "CL_INVALID_WORK_GROUP_SIZE"
      case -61: "CL_INVALID_BUFFER_SIZE"
      case -1001: "CL_PLATFORM_NOT_FOUND"
      case -2048 ... -1024: "an error of CLBlast"
      default: "an error of the driver"
      }
    return "\(name), status \(status)"
  }
}
