internal import COpenCL
import Foundation

/// An OpenCL device of this machine, as its driver describes it.
public struct OpenCLDescription: Sendable {
  /// Its number among all devices, graphics cards before processors.
  public private(set) var index = 0
  /// The device's own name.
  public let name: String
  /// The platform it belongs to.
  public let platform: String
  /// The driver's version.
  public let driverVersion: String
  /// Bytes of memory.
  public let memory: Int
  /// Bytes of the largest buffer.
  public let largestBuffer: Int
  /// Whether it is the processor, which shares its memory with everything else.
  public let isProcessor: Bool
  /// f32 elements of a hardware vector.
  let vectorWidth: Int
  /// The most work-items of a group.
  let largestGroup: Int
  let handle: Handle

  struct Handle: @unchecked Sendable { let id: cl_device_id }

  /// Every device of every platform.
  /// - Throws: `KernelError.unsupported` that says in words why there is none.
  public static func all() throws -> [OpenCLDescription] { try found.get() }

  /// Asked for once: drivers get ready at the first question, and not all take two at a time.
  private static let found = Swift.Result {
    () throws(KernelError) in try list(OpenCLDriver.installed.get())
  }

  private static func list(_ driver: OpenCLDriver) throws(KernelError) -> [OpenCLDescription] {
    let platforms: [cl_platform_id?] = handles { count, room, found in
      driver.cl.clGetPlatformIDs(count, room, found)
    }
    guard !platforms.isEmpty else { throw KernelError.unsupported(noDriver) }
    var found: [(platform: String, id: cl_device_id)] = []
    var names: [String] = []
    for case let platform? in platforms {
      let name = text {
        driver.cl.clGetPlatformInfo(platform, cl_uint(CL_PLATFORM_NAME), $0, $1, $2)
      }
      names.append(name)
      let ids: [cl_device_id?] = handles { count, room, found in
        driver.cl.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, count, room, found)
      }
      found += ids.compactMap { $0 }.map { (name, $0) }
    }
    guard !found.isEmpty else {
      throw KernelError.unsupported(
        "the OpenCL platforms \(names.joined(separator: ", ")) have no device"
          + (closedDevice.map { ": \($0)" } ?? ""))
    }
    let described = found.map { OpenCLDescription($0.id, platform: $0.platform, driver) }
    let ordered = described.filter { !$0.isProcessor } + described.filter(\.isProcessor)
    return ordered.enumerated().map { index, description in
      var numbered = description
      numbered.index = index
      return numbered
    }
  }

  private init(_ id: cl_device_id, platform: String, _ driver: OpenCLDriver) {
    func words(_ what: cl_uint) -> String {
      Self.text { driver.cl.clGetDeviceInfo(id, what, $0, $1, $2) }
    }
    func number<Number: FixedWidthInteger>(_ what: cl_uint, _: Number.Type) -> Int {
      var value: Number = 0
      let status = driver.cl.clGetDeviceInfo(id, what, MemoryLayout<Number>.size, &value, nil)
      return status == 0 ? Int(clamping: value) : 0
    }
    name = words(cl_uint(CL_DEVICE_NAME))
    self.platform = platform
    driverVersion = words(cl_uint(CL_DRIVER_VERSION))
    memory = number(cl_uint(CL_DEVICE_GLOBAL_MEM_SIZE), UInt64.self)
    largestBuffer = number(cl_uint(CL_DEVICE_MAX_MEM_ALLOC_SIZE), UInt64.self)
    isProcessor = number(cl_uint(CL_DEVICE_TYPE), UInt64.self) & Int(CL_DEVICE_TYPE_CPU) != 0
    vectorWidth = number(cl_uint(CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT), UInt32.self)
    largestGroup = number(cl_uint(CL_DEVICE_MAX_WORK_GROUP_SIZE), Int.self)
    handle = Handle(id: id)
  }

  // MARK: - Asking the driver

  private static func handles<Handle>(
    _ ask: (cl_uint, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<cl_uint>?) -> cl_int
  ) -> [Handle?] {
    var count: cl_uint = 0
    guard ask(0, nil, &count) == 0, count > 0 else { return [] }
    var handles = [Handle?](repeating: nil, count: Int(count))
    return ask(count, &handles, nil) == 0 ? handles : []
  }

  private static func text(
    _ ask: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> cl_int
  ) -> String {
    var size = 0
    guard ask(0, nil, &size) == 0, size > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: size)
    guard ask(size, &bytes, nil) == 0 else { return "" }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      .trimmingCharacters(in: .whitespaces)
  }

  // MARK: - Why there is none

  private static var noDriver: String {
    "no OpenCL driver: "
      + (closedDevice
        ?? "install your card's, or pocl-opencl-icd to compute on the processor")
  }

  /// A card that this user may not open.
  private static var closedDevice: String? {
    let nodes = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/dri")) ?? []
    let cards =
      nodes.filter { $0.hasPrefix("renderD") }.sorted().map { "/dev/dri/\($0)" }
      + ["/dev/nvidia0", "/dev/kfd"]
    for path in cards
    where FileManager.default.fileExists(atPath: path)
      && !(FileManager.default.isReadableFile(atPath: path)
        && FileManager.default.isWritableFile(atPath: path))
    {
      return "no permission to open \(path): add yourself to its group, often 'render' or 'video'"
    }
    return nil
  }
}
