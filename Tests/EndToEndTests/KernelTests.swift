import Files
import Foundation
import TestTools
import Testing

/// The installed Jupyter kernel under Jupyter's own clients, which the scripts in Kernel/ drive.
@Suite(.enabled(if: PythonOracle.hasJupyter))
struct KernelTests {
  private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Kernel").path
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// Runs a script with the kernel installed in a folder of its own.
  private func run(
    _ script: String, _ arguments: [String] = [], longest: Double = 900
  ) throws -> Program.Result {
    let folder = try TemporaryFolder()
    let places = [
      "JUPYTER_DATA_DIR": folder.path + "/data", "JUPYTER_RUNTIME_DIR": folder.path + "/runtime",
      "IPYTHONDIR": folder.path + "/ipython", "PARE_FIXTURES": Self.root + "/Tests/Fixtures",
    ]
    let installed = try Program.run(["kernel", "install", "--user"], setting: places)
    #expect(installed.output == "installed \(folder.path)/data/kernels/pare\n")
    return try Program.run(
      [PythonOracle.python, "-W", "ignore", Self.scripts + "/" + script] + arguments,
      program: "/usr/bin/env", setting: places, longest: longest)
  }

  @Test func passesJupytersOwnTests() throws {
    let result = try run("conformance.py")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains(/Ran 1\d tests.*\n\nOK\n/))
  }

  @Test func interruptsRestartsInputAndDamagedMessages() throws {
    let result = try run("client.py")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains(/Ran \d\d tests.*\n\nOK\n/))
    print(result.output, terminator: "")
  }

  @Test(.enabled(if: RealData.model != nil && RealData.text != nil))
  func nbclientExecutesTheQuickstart() throws {
    let folder = try TemporaryFolder()
    let result = try run(
      "notebook.py",
      [
        Self.root + "/Notebooks/quickstart.ipynb", folder.path + "/out.ipynb", "quick=True",
        "plots=\"\(folder.path)\"", "folder=\"\(folder.path)/student\"",
        "model=\"\(RealData.model ?? "")\"", "text=\"\(RealData.text ?? "")\"",
      ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains(/\d+ cells, \d figures/))
    #expect(kind(ofFile: folder.path + "/student/model.safetensors") == .file)
  }

  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["PARE_LARGE"] != nil),
    .enabled(if: RealData.model != nil && RealData.text != nil),
    arguments: ShippedNotebookTests.notebooks)
  func nbclientExecutesEveryNotebookWhole(name: String) throws {
    let folder = try TemporaryFolder()
    let result = try run(
      "notebook.py",
      [
        Self.root + "/Notebooks/" + name, folder.path + "/" + name, "plots=\"\(folder.path)\"",
        "folder=\"\(folder.path)/student\"", "model=\"\(RealData.model ?? "")\"",
        "text=\"\(RealData.text ?? "")\"",
      ], longest: 3600)
    #expect(result.status == 0, "\(result.errors)")
  }
}
