import Files

extension MappedFile {
  /// The most memory that reading a file may ask for at once: its size and 256 MB.
  var allocationLimit: Int { bytes.count + (256 << 20) }

  /// Refuses an array of `count` elements that would pass the limit.
  /// - Throws: `CheckpointError` with both numbers.
  func checkAllocation<Element>(_ count: Int, of: Element.Type, for name: String? = nil) throws {
    let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, size <= allocationLimit else {
      throw CheckpointError(
        file: path, tensor: name,
        reason: "\(count) values would take more than \(allocationLimit) bytes of memory,"
          + " the file's own size and 256 MB")
    }
  }
}
