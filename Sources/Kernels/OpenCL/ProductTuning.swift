internal import COpenCL
import Foundation

/// CLBlast's parameters for devices that it has no tuning of.
extension OpenCLDevice {
  /// Tells CLBlast how to multiply on a processor: one work-item a group, whose block of the result
  /// stands in vector registers; its own defaults are a card's.
  /// - Throws: `KernelError.failed` where CLBlast refuses them.
  func tuneProducts() throws {
    guard description.isProcessor, layout.lanes >= 8 else { return }
    // Twelve or twenty-four sums, in 16 or 32 registers.
    let columns = layout.lanes == 16 ? 8 : 4
    let parameters: KeyValuePairs<String, Int> = [
      "GEMMK": 0, "KREG": 1, "KWG": 32, "KWI": 1, "MDIMA": 1, "MDIMC": 1, "MWG": 3 * layout.lanes,
      "NDIMB": 1,
      "NDIMC": 1, "NWG": columns, "SA": 0, "SB": 0, "STRM": 0, "STRN": 0, "VWM": layout.lanes,
      "VWN": 1,
    ]
    try override("Xgemm", parameters)
    // From sides of about so many on: its kernel for small products is five times slower here.
    try override("GemmRoutine", ["XGEMM_MIN_INDIRECT_SIZE": 64])
  }

  private func override(_ kernel: String, _ parameters: KeyValuePairs<String, Int>) throws {
    let names = parameters.map { strdup($0.key) }
    defer { names.forEach { free($0) } }
    var pointers = names.map { UnsafePointer<CChar>($0) }
    let values = parameters.map(\.value)
    try context.driver.check(
      cl_int(
        context.driver.blast.CLBlastOverrideParameters(
          context.device, kernel, CInt(CLBlastPrecisionSingle), parameters.count, &pointers,
          values)), "setting CLBlast's parameters for \(description.name)")
  }
}
