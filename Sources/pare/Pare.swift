import Workbench
import Language

@main
struct Pare {
  static func main() throws {
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
