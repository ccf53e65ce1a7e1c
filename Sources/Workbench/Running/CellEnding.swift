import Kernels
import Language

/// How a cell ended, its value ready to be shown.
public enum CellEnding {
  /// With what it shows, nil where it shows nothing.
  case finished(Display?)
  /// With an error.
  case failed(Session.CellError)
  /// By the user.
  case interrupted

  /// A cell that an error ends, which may be an interrupt.
  public init(_ error: any Error, width: Int? = nil) {
    let isInterrupt = error is Kernels.Interrupted || error is Language.Interrupted
    self = isInterrupt ? .interrupted : .failed(Session.CellError(error, width: width))
  }

  /// One word for it, as an executed notebook notes it.
  var status: String {
    switch self {
    case .finished: "completed"
    case .failed: "failed"
    case .interrupted: "interrupted"
    }
  }
}

extension NotebookRunner.Ending {
  /// One word for it, as an executed notebook notes it.
  var status: String {
    switch self {
    case .finished(let failures): failures.isEmpty ? "completed" : "failed"
    case .stopped: "failed"
    case .interrupted: "interrupted"
    }
  }
}

extension Session {
  /// Runs a cell and makes its value ready to be shown; an error of showing is the cell's.
  ///
  /// - Parameters:
  ///   - name: the name in errors, `cell 3` by default.
  ///   - isKept: whether the cell counts, and it and its value are remembered.
  public func executeForDisplay(
    _ source: String, name: String? = nil, isKept: Bool = true
  ) -> CellEnding {
    switch execute(source, name: name, isKept: isKept) {
    case .finished(let value):
      do {
        return .finished(try value.map { try Display($0, width: width) })
      } catch {
        return CellEnding(error, width: width)
      }
    case .failed(let error): return .failed(error)
    case .interrupted: return .interrupted
    }
  }
}
