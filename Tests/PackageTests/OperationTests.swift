import Foundation
import Testing

/// An operation of `Device` has tests, and they run on every device: the files of
/// Tests/KernelsTests know devices by `testDevices` alone, but for those whose name begins with a
/// kind of device.
@Suite struct OperationTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The Swift files of a folder by name.
  private static func sources(_ folder: String) throws -> [(name: String, text: String)] {
    try FileManager.default.contentsOfDirectory(
      at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "swift" }
      .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
  }

  private static func sharedTests() throws -> [(name: String, text: String)] {
    try sources("Tests/KernelsTests").filter {
      !$0.name.hasPrefix("CPU") && !$0.name.hasPrefix("OpenCL")
    }
  }

  @Test func everyOperationIsTested() throws {
    let declarations = try Self.sources("Sources/Kernels/Operations")
    let operations = declarations.flatMap { $0.text.matches(of: /(?m)^  func (\w+)\(/) }
      .map { String($0.output.1) }
    #expect(operations.count >= 30)
    let tests = try Self.sharedTests().map(\.text).joined()
    for operation in Set(operations) {
      let isTested = tests.contains(".\(operation)(")
      #expect(isTested, "no test of every device calls \(operation)")
    }
  }

  @Test func noSharedTestNamesAKindOfDevice() throws {
    let tests = try Self.sharedTests()
    #expect(tests.count >= 15)
    for (name, text) in tests {
      for kind in ["CPUDevice", "InstructionSet", "BFloatUnits", "OpenCL", "anyDevice"]
      where text.contains(kind) {
        Issue.record("\(name) names \(kind): use testDevices")
      }
    }
  }
}
