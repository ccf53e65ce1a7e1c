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
    #expect(result.errors.hasPrefix("Error: "))
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
  }

  @Test func convertsBothWays() throws {
    let folder = try TemporaryFolder()
    let script = "# %% Title tags=[\"parameters\"]\nn = 1\n\n# %% [markdown]\n# Text\n\n# %%\nn\n"
    let source = try folder.write("a.pare", script)
    #expect(try Program.run(["convert", source, folder.path + "/b.ipynb"]).status == 0)
    #expect(
      try Program.run(["convert", "b.ipynb", "c.pare"], in: folder.path).status == 0)
    #expect(try String(contentsOfFile: folder.path + "/c.pare", encoding: .utf8) == script)
    #expect(try Program.run(["convert", source, folder.path + "/b.txt"]).status == 1)
  }

  @Test func asksOnStandardInput() throws {
    let code = ["-e", "a = input('? ')", "-e", "[a, input()]", "-e", "input()"]
    let result = try Program.run(code, input: "one\ntwo")
    #expect(result.output == "? ['one', 'two']\n")
    #expect(result.errors.contains("the input is at its end"))
    #expect(result.status == 1)
  }
}
