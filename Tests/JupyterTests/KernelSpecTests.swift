import Files
import JSONFormat
import Jupyter
import TestTools
import Testing

@Suite struct KernelSpecTests {
  private let spec = KernelSpec(program: "/opt/pare", options: ["--precision", "bf16"])

  private func installed(
    _ place: KernelSpec.Place, _ environment: [String: String] = [:]
  ) throws -> String {
    try spec.install(place, environment: environment)
  }

  @Test func isWrittenWhereJupyterLooks() throws {
    let folder = try temporaryFolder()
    #expect(try installed(.prefix(folder)) == folder + "/share/jupyter/kernels/pare")
    #expect(
      try installed(.user, ["JUPYTER_DATA_DIR": folder + "/a"]) == folder + "/a/kernels/pare")
    #expect(
      try installed(.user, ["XDG_DATA_HOME": folder + "/b"])
        == folder + "/b/jupyter/kernels/pare")
    let path = folder + "/a/kernels/pare/kernel.json"
    let json = try MappedFile(path: path).withBytes { try JSON(reading: $0) }
    #expect(json["interrupt_mode"]?.string == "message")
    #expect(
      json["argv"]?.array?.compactMap(\.string) == [
        "/opt/pare", "kernel", "start", "--connection-file", "{connection_file}", "--precision",
        "bf16",
      ])
    // A second time it is replaced.
    #expect(try installed(.user, ["JUPYTER_DATA_DIR": folder + "/a"]) == folder + "/a/kernels/pare")
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let text = refusal { try installed(.prefix("/proc/nothing")) }
    #expect(
      text == "/proc/nothing/share/jupyter/kernels/pare: the folder cannot be made")
  }
}
