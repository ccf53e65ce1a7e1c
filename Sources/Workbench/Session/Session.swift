import Compression
import Figures
import Files
import Foundation
import Kernels
import Language
import Models
import Tensors

/// One session of the workbench: variables, device, seed, and the functions of the catalogue. The
/// prompt, the batch runner and the Jupyter kernel all run their cells through `execute`.
///
/// A session belongs to one thread at a time.
public final class Session {
  /// What the command line chooses.
  public struct Options: Sendable {
    /// The device's name.
    public var device = "cpu"
    /// The type of matrix products' operands.
    public var precision = Precision.f32
    /// Threads of the CPU device, nil for the cores that the process may use.
    public var threads: Int?
    /// The seed of everything random.
    public var seed = 0
    /// Told what is being waited for where a device takes long to get ready, on any thread.
    public var announce: @Sendable (String) -> Void = { _ in }

    /// The defaults.
    public init() {}
  }

  /// The program's version.
  public static let version = programVersion

  /// How a cell ended.
  public enum Outcome {
    /// With the value of its last expression, nil where there is none to show.
    case finished(Value?)
    /// With an error, as text under its source line.
    case failed(CellError)
    /// By the user; the variables are as far as the cell came.
    case interrupted
  }

  /// An error of a cell.
  public struct CellError: Error, Sendable {
    /// One line.
    public let message: String
    /// The message with source line and caret, for people.
    public let rendered: String

    /// An error with a rendering of its own.
    public init(message: String, rendered: String) {
      self.message = message
      self.rendered = rendered
    }

    /// Any error as one of a cell; an error of the language shows its place.
    ///
    /// - Parameter width: the columns that it is shown in; nil: as many as it likes.
    public init(_ error: any Error, width: Int? = nil) {
      if let error = error as? LanguageError {
        self.init(message: error.message, rendered: error.rendered(width: width))
      } else {
        self.init(message: "\(error)", rendered: "error: \(error)")
      }
    }
  }

  /// The language's interpreter with the catalogue registered.
  public let interpreter = Interpreter()
  /// Receives everything that cells put out.
  public var output: (OutputEvent) -> Void = { _ in }
  /// The columns for what cells show and for the tables, tensors and models that they print: a
  /// terminal's, or what suits a notebook; nil: as many as the text has.
  public var width: Int? {
    get { interpreter.width }
    set { interpreter.width = newValue.map { max(Self.leastWidth, $0) } }
  }
  /// Narrower lines would hold nothing.
  private static let leastWidth = 20
  /// The folder where relative paths start, nil for the working directory.
  public var folder: String?
  /// The script that is running, as figures note it; empty at the prompt.
  public var scriptName = ""
  /// The cells that were executed.
  public internal(set) var inputs: [String] = [""]

  /// All functions that the workbench adds to the language.
  package private(set) lazy var catalogue = makeCatalogue()
  /// All magics, in the order in which they are listed.
  private(set) lazy var magics = makeMagics()
  let devices: Devices
  /// The device for new tensors and models.
  public internal(set) var device: any Device
  /// The session's seed and the generator made of it.
  var seed: Int { didSet { generator = RandomGenerator(seed: seed) } }
  var generator: RandomGenerator
  /// The names of models that were loaded, as figures note them.
  var loadedModels: [String] = []
  /// What was scored on how much text, as figures note it.
  var madeScores: [String] = []
  /// The look of figures.
  var theme = Theme.paper
  /// Where models were loaded from, as far as they are still there.
  var modelOrigins: [ModelOrigin] = [] {
    didSet { if modelOrigins.count > oldValue.count { modelOrigins.removeAll { $0.isGone } } }
  }
  /// The warnings that the cell put out.
  var warned: Set<String> = []
  /// The search that was stopped last, for the call that goes on with it.
  var stoppedSearch: ArchitectureSearch?
  /// How many files run each other by `%run`.
  var runDepth = 0
  /// What an interrupted cell left, as a clause; nil where it left nothing.
  public private(set) var interruptedWork: String?
  /// Whether the cell that runs is among the inputs.
  private var isRemembered = false
  private let outputs = DictObject()
  /// `In`, in which the cells are numbered from 1.
  private let inputList = ListObject([.string("")])

  /// A session with the catalogue's functions.
  /// - Throws: `KernelError.unsupported` for a device or precision that is not there.
  public init(_ options: Options = Options()) throws {
    devices = Devices(threads: options.threads, announce: options.announce)
    device = try devices.device(named: options.device)
    try device.use(options.precision)
    seed = options.seed
    generator = RandomGenerator(seed: options.seed)
    interpreter.output = { [unowned self] in output(.printed($0)) }
    interpreter.warn = { [unowned self] in output(.notice("warning: " + $0)) }
    interpreter.poll = { try Interrupt.check() }
    for function in catalogue { interpreter.register(function) }
    interpreter.host = self
    interpreter.globals["In"] = .list(inputList)
    interpreter.globals["Out"] = .dict(outputs)
  }

  /// The cells before the one that runs, from the first on.
  var earlierInputs: ArraySlice<String> { inputs.dropFirst().dropLast(isRemembered ? 1 : 0) }

  /// How many cells have run.
  public var cellCount: Int { inputs.count - 1 }

  /// Runs a cell; its value is kept as `_` and in `Out`.
  ///
  /// - Parameters:
  ///   - name: the name in errors, `cell 3` by default.
  ///   - isKept: whether the cell counts, and it and its value are remembered.
  public func execute(_ source: String, name: String? = nil, isKept: Bool = true) -> Outcome {
    warned = []
    interruptedWork = nil
    if isKept { remember(source) }
    isRemembered = isKept
    let number = cellCount
    do {
      let value = try interpreter.execute(source, name: name ?? "cell \(number)")
      if isKept, let value {
        interpreter.globals["_"] = value
        try outputs.set(.int(cellCount), to: value)
      }
      return .finished(value)
    } catch is Kernels.Interrupted {
      return .interrupted
    } catch is Language.Interrupted {
      return .interrupted
    } catch {
      return .failed(CellError(error, width: width))
    }
  }

  private func remember(_ source: String) {
    // The list is the user's to change, the numbers of cells are not.
    if inputList.elements.count != inputs.count { showInputs() }
    inputs.append(source)
    inputList.elements.append(.string(source))
    interpreter.globals["In"] = .list(inputList)
  }

  private func showInputs() {
    inputList.elements = inputs.map { .string($0) }
    interpreter.globals["In"] = .list(inputList)
  }

  /// The text of the value that a cell ended with, nil where it ended with none.
  public func shownText(ofCell number: Int) -> String? {
    guard let value = try? outputs.value(for: .int(number)) else { return nil }
    return try? value.representation()
  }

  /// Keeps a value as `_` though the cell did not end with it: the run of an interrupted training.
  ///
  /// - Parameter text: what it is, said where the cell was interrupted.
  func keepAsLastValue(_ value: Value, _ text: String) {
    interpreter.globals["_"] = value
    interruptedWork = "_ is \(text)"
  }

  /// Puts cells of an earlier session before those of this one, whose numbers rise.
  func prependInputs(_ earlier: [String]) throws {
    let entries = outputs.entries
    outputs.removeAll()
    for (key, value) in entries {
      // What the user put in beside the cells stays where it is.
      let isCell = key.asInt.map { (1...max(cellCount, 1)).contains($0) } ?? false
      try outputs.set(isCell ? .int((key.asInt ?? 0) + earlier.count) : key, to: value)
    }
    inputs.insert(contentsOf: earlier, at: 1)
    showInputs()
  }

  /// Forgets all variables, what the cells showed, and what a stopped search left.
  func forgetVariables() {
    outputs.removeAll()
    stoppedSearch = nil
    interpreter.globals = ["Out": .dict(outputs)]
    showInputs()
  }

  /// A user's path as the file system takes it: `~` is the home folder, a relative one starts at
  /// the session's folder.
  func path(_ path: String) -> String {
    let expanded = expandingHome(path)
    guard !expanded.hasPrefix("/"), let folder else { return expanded }
    return folder + "/" + expanded
  }
}

/// A stop that the user asked for passes through the interpreter as it is.
extension Kernels.Interrupted: Language.Interruption {}
