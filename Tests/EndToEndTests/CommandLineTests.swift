import TestTools
import Testing

@Suite struct CommandLineTests {
  @Test func evaluatesInOneSession() throws {
    let result = try Program.run(["-e", "x = 6", "-e", "x * 7", "-e", "print('a', 0.1)"])
    #expect(result.status == 0)
    #expect(result.output == "42\na 0.1\n")
    #expect(result.errors.isEmpty)
  }

  @Test(arguments: [
    ("0.1 + 0.2", "0.30000000000000004"), ("1e16", "1e+16"), ("10 ** 15", "1000000000000000"),
    ("'it\\'s'", "\"it's\""), ("-1", "-1"), ("(1,)", "(1,)"),
  ])
  func showsValuesAsPythonDoes(code: String, text: String) throws {
    #expect(try Program.run(["-e", code]).output == text + "\n")
  }

  @Test func stopsAtTheFirstError() throws {
    let result = try Program.run(["-e", "a = 1", "-e", "a.b", "-e", "print(2)"])
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("cell 2, line 1:  a.b"))
    #expect(result.errors.contains("^^^"))
  }

  @Test(arguments: [
    ["--frobnicate"], ["run"], ["run", "a.pare", "b.pare"], ["--threads", "0", "-e", "1"],
    ["--threads", "many", "-e", "1"], ["--seed", "x"], ["--precision", "f8", "-e", "1"],
    ["--device", "abacus", "-e", "1"], ["juggle"], ["-e"], ["-e", "1", "run", "a.pare"],
    ["run", "a.pare", "--set", "3=4"], ["run", "a.pare", "--set", "novalue"],
    ["run", "a.pare", "--set", "for=4"], ["run", "a.pare", "--timeout", "-1"],
    ["run", "a.pare", "--timeout", "nan"], ["run", "a.pare", "-o", "out.txt"], ["convert", "a"],
  ])
  func refusesWrongOptions(arguments: [String]) throws {
    let result = try Program.run(arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("error: "))
    #expect(result.errors.contains("Usage: pare"))
  }

  @Test func helpAndVersionGoToStandardOutput() throws {
    for arguments in [["--help"], ["run", "--help"], ["--version"], ["help", "run"]] {
      let result = try Program.run(arguments)
      #expect(result.status == 0)
      #expect(!result.output.isEmpty)
      #expect(result.errors.isEmpty)
    }
  }

  /// The options everywhere mean the same before and after the subcommand.
  @Test func takesSessionOptionsOnBothSides() throws {
    let texts = try [
      ["--seed", "7", "run", "-"], ["run", "--seed", "7", "-"], ["run", "-", "--seed=7"],
    ].map { try Program.run($0, input: "randn(3)").output }
    #expect(Set(texts).count == 1)
    #expect(try Program.run(["run", "-", "--seed", "8"], input: "randn(3)").output != texts[0])
    #expect(try Program.run(["--seed", "7", "-e", "randn(3)"]).output == texts[0])
  }

  @Test func namesTheDevices() throws {
    let result = try Program.run(["devices", "--threads", "1"])
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("cpu  "))
    #expect(result.output.contains("1 thread,"))
    #expect(result.output.contains("\nopencl:0  "))
    #expect(result.output.contains("pool of at most "))
    // Without a driver: in words, and nothing else stops working.
    let bare = try Program.run(["devices"], setting: ["OCL_ICD_VENDORS": "/nowhere"])
    #expect(bare.status == 0)
    #expect(bare.output.contains("\nopencl  none: no OpenCL driver: "))
    let asked = try Program.run(
      ["--device", "opencl", "-e", "1"], setting: ["OCL_ICD_VENDORS": "/nowhere"])
    #expect(asked.status == 2)
    #expect(asked.errors.contains("no OpenCL driver: "))
    #expect(
      try Program.run(["-e", "1"], setting: ["OCL_ICD_VENDORS": "/nowhere"]).output == "1\n")
  }

  @Test(arguments: [
    ("opencl:9", "f32", "there is no device 'opencl:9' here: there is one, opencl:0"),
    ("opencl", "bf16", "opencl:0 computes in f32 alone"),
    ("cuda", "f32", "there is no device 'cuda': devices are called cpu, opencl or opencl:N"),
  ])
  func refusesADeviceOrPrecisionThatIsNotThere(device: String, precision: String, reason: String)
    throws
  {
    let result = try Program.run(["--device", device, "--precision", precision, "-e", "1"])
    #expect(result.status == 2)
    #expect(result.errors.contains(reason), "\(result.errors)")
  }

  @Test func movesBetweenDevices() throws {
    let model = fixturePath("models/llama-tied")
    let script = """
      m = load("\(model)")
      g = m.to("opencl")
      [m.device, g.device, g.to("cpu").device, g.weights["model.norm.weight"].device]
      # %%
      d = logits(m, [[1, 2, 3]]) - logits(g, [[1, 2, 3]]).to("cpu")
      bool(abs(d).max() < 1e-4)
      # %%
      masked = mask(m, heads=[(0, 1)]).to("opencl:0")
      e = logits(mask(m, heads=[(0, 1)]), [[1, 2, 3]]) - logits(masked, [[1, 2, 3]]).to("cpu")
      bool(abs(e).max() < 1e-4)
      # %%
      zeros(3) + zeros(3).to("opencl")
      # %%
      zeros(3).to("opencl:5")
      # %%
      zeros(3).to("bf16")
      """
    let result = try Program.run(["run", "-", "--allow-errors"], input: script)
    #expect(result.output == "['cpu', 'opencl:0', 'cpu', 'opencl:0']\nTrue\nTrue\n")
    for reason in [
      "cannot add tensors on cpu and opencl:0: move one with .to(\"cpu\")",
      "there is no device 'opencl:5' here: there is one, opencl:0",
      "there is no type or device 'bf16': types are f32, i64 and bool",
    ] { #expect(result.errors.contains(reason), "\(result.errors)") }
  }

  @Test func runningOutOfMemoryLeavesTheSession() throws {
    let script = "a = ones(4)\n# %%\nzeros(40000, 40000)\n# %%\n(a + 1).sum().item()\n"
    let result = try Program.run(
      ["--device", "opencl", "run", "-", "--allow-errors"], input: script,
      setting: ["POCL_MEMORY_LIMIT": "1"])
    #expect(result.output == "8.0\n")
    #expect(result.errors.contains("needs 6103 MB of memory, but opencl:0 ("))
    #expect(result.errors.contains(" MB available"))
  }

  @Test func convertsBothWays() throws {
    let folder = try TemporaryFolder()
    let script = "# %% Title tags=[\"parameters\"]\nn = 1\n\n# %% [markdown]\n# Text\n\n# %%\nn\n"
    let source = try folder.write("a.pare", script)
    #expect(try Program.run(["convert", source, folder.path + "/b.ipynb"]).status == 0)
    #expect(
      try Program.run(["convert", "b.ipynb", "c.pare"], in: folder.path).status == 0)
    #expect(try String(contentsOfFile: folder.path + "/c.pare", encoding: .utf8) == script)
    #expect(try Program.run(["convert", source, folder.path + "/b.ipynb"]).status == 0)
    #expect(try Program.run(["convert", source, folder.path + "/b.txt"]).status == 1)
  }

  @Test func asksOnStandardInput() throws {
    let code = ["-e", "a = input('? ')", "-e", "[a, input()]", "-e", "input()"]
    let result = try Program.run(code, input: "one\ntwo")
    #expect(result.output == "? ['one', 'two']\n")
    #expect(result.errors.contains("the input is at its end"))
    #expect(result.status == 1)
    // A pipe's own line ends, Windows' among them.
    let windows = try Program.run(["-e", "[input(), input(), input()]"], input: "a\r\nb\r\nc\r\n")
    #expect(windows.output == "['a', 'b', 'c']\n")
  }
}
