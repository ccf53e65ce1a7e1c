import Workbench
import Language
import Kernels

@main
struct Pare {
  static func main() throws {
    if CommandLine.arguments.count > 2, CommandLine.arguments[1] == "bench", let w = Benchmark.Work(rawValue: CommandLine.arguments[2]) {
      var b = Benchmark(w)
      b.batch = Int(CommandLine.arguments[4])!
      let d = CPUDevice()
      if CommandLine.arguments.count > 5 { d.use(.bf16) }
      let r = try b.run(model: CommandLine.arguments[3], on: d)
      print(w, r.tokensPerSecond, r.stepSeconds, r.loadSeconds, r.peakBytes >> 20)
      return
    }
    let session = try Session()
    session.output = { if case .printed(let t) = $0 { print(t, terminator: "") } else if case .notice(let t) = $0 { print(t) } }
    var text = ""
    while let line = readLine(strippingNewline: false) { text += line }
    switch session.execute(text) {
    case .finished(let value): if let value { print(try Display(value).text) }
    case .failed(let error): print(error.rendered)
    case .interrupted: print("interrupted")
    }
  }
}
