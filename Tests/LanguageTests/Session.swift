import Language

/// An interpreter that keeps what it prints and warns.
final class Session {
  let interpreter = Interpreter()
  private(set) var printed = ""
  private(set) var warnings: [String] = []
  private var cells = 0

  init() {
    interpreter.output = { [unowned self] in printed += $0 }
    interpreter.warn = { [unowned self] in warnings.append($0) }
  }

  /// Runs a cell; its value as text, nil where it shows none.
  @discardableResult func run(_ source: String) throws -> String? {
    cells += 1
    return try interpreter.execute(source, name: "cell \(cells)")?.representation()
  }

  /// Runs a cell that must fail; the error as users see it.
  func failure(_ source: String) -> String {
    do {
      _ = try run(source)
      return "no error"
    } catch let error as LanguageError {
      return error.rendered()
    } catch {
      return "another error: \(error)"
    }
  }

  /// The first line of the error of a cell that must fail, without `error: `.
  func message(_ source: String) -> String {
    let first = failure(source).split(separator: "\n").first.map(String.init) ?? ""
    return first.hasPrefix("error: ") ? String(first.dropFirst(7)) : first
  }
}
