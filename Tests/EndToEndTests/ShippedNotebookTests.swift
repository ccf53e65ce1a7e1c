import Files
import Foundation
import JSONFormat
import TestTools
import Testing

/// Every notebook of the project, headless and quick, on the real model.
@Suite struct ShippedNotebookTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static let notebooks =
    ((try? namesInFolder(root + "/Notebooks")) ?? []).filter { $0.hasSuffix(".ipynb") }

  /// Runs a notebook with its outputs kept away from the project.
  private func run(_ name: String, in folder: String, on device: String = "cpu") throws
    -> Program.Result
  {
    let settings = [
      "quick=True", "plots=\(folder)", "folder=\(folder)/student",
      "model=\(RealData.model ?? "")", "text=\(RealData.text ?? "")",
    ]
    return try Program.run(
      ["--device", device, "run", Self.root + "/Notebooks/" + name, "-o", folder + "/" + name]
        + settings.flatMap { ["--set", $0] }, longest: 900)
  }

  @Test(
    .enabled(if: RealData.model != nil && RealData.text != nil), arguments: notebooks)
  func runsQuickly(name: String) throws {
    let folder = try TemporaryFolder()
    let plots = Self.root + "/Plots"
    let before = try namesInFolder(plots) + namesInFolder(plots + "/gallery")
    let result = try run(name, in: folder.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try namesInFolder(plots) + namesInFolder(plots + "/gallery") == before)
    let figures = try folder.names().filter { $0.hasSuffix(".png") }
    #expect(figures.allSatisfy { before.contains($0) } && !figures.isEmpty)
    if name == "quickstart.ipynb" { try expectDistilled(result, in: folder) }
  }

  @Test(.enabled(if: RealData.model != nil && RealData.text != nil))
  func theQuickstartRunsOnOpenCL() throws {
    let folder = try TemporaryFolder()
    let result = try run("quickstart.ipynb", in: folder.path, on: "opencl")
    #expect(result.status == 0, "\(result.errors)")
    try expectDistilled(result, in: folder)
  }

  private func expectDistilled(_ result: Program.Result, in folder: borrowing TemporaryFolder)
    throws
  {
    let last = try #require(result.output.split(separator: "\n").last)
    let summary = try JSON(reading: String(last))
    func loss(_ key: String) throws -> Double { try #require(summary[key]?.double) }
    #expect(try loss("teacher_loss") < loss("distilled_loss"))
    #expect(try loss("distilled_loss") < loss("pruned_loss"))
    #expect(summary["teacher_parameters"]?.int == 134_515_008)
    #expect(summary["parameters"]?.int == 101_337_408)
    #expect(kind(ofFile: folder.path + "/student/model.safetensors") == .file)
  }
}
