internal import COpenCL

/// Starting kernels.
extension OpenCLDevice {
  /// Queues `items` work-items of a kernel in groups of `group`, of which `items` is a multiple,
  /// about `work` operations in all.
  /// - Throws: `KernelError` that names the kernel; `Interrupted`.
  func launch(
    _ kernel: String, of family: KernelFamily, _ arguments: [KernelArgument], items: Int,
    group: Int, work: Int
  ) throws {
    guard items > 0 else { return }
    let pieces = max(1, min(work / layout.launchWork, items / group))
    let step = (items / group + pieces - 1) / pieces * group
    try timed(kernel) {
      for first in stride(from: 0, to: items, by: step) {
        try queue.submit("\(kernel) on \(name)", work: work / pieces) { event in
          try programs.withKernel(kernel, of: family) { handle in
            var place: cl_uint = 0
            for argument in arguments { place = try argument.set(on: handle, at: place, self) }
            var (offset, global, local) = (first, min(step, items - first), group)
            return context.driver.cl.clEnqueueNDRangeKernel(
              queue.handle, handle, 1, &offset, &global, &local, 0, nil, event)
          }
        }
      }
    }
    counts.withLock { $0.launches += (items + step - 1) / step }
  }

  /// A pass over `count` elements.
  func launchElements(
    _ kernel: String, of family: KernelFamily, _ arguments: [KernelArgument], count: Int,
    workAnElement: Int = 4
  ) throws {
    let stretch = layout.group * layout.elements
    try launch(
      kernel, of: family, arguments + [.long(count)],
      items: (count + stretch - 1) / stretch * layout.group, group: layout.group,
      work: count * workAnElement)
  }

  /// A group for each of `rows` rows of `width` elements.
  func launchRows(
    _ kernel: String, of family: KernelFamily, _ arguments: [KernelArgument], rows: Int, width: Int
  ) throws {
    try launch(
      kernel, of: family, arguments, items: rows * layout.group, group: layout.group,
      work: rows * width * 16)
  }

  /// A work-item for each of `items`; the kernel ends those past them.
  func launchItems(
    _ kernel: String, of family: KernelFamily, _ arguments: [KernelArgument], items: Int,
    group: Int? = nil, work: Int
  ) throws {
    let group = group ?? layout.group
    try launch(
      kernel, of: family, arguments + [.long(items)], items: (items + group - 1) / group * group,
      group: group, work: work)
  }

  /// How many work-items share `width` elements by lanes.
  func units(_ width: Int) -> Int { (width + layout.lanes - 1) / layout.lanes }
}
