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
}

extension Session {
  /// Runs a cell and makes its value ready to be shown; an error of showing is the cell's.
  ///
  /// - Parameter name: the name in errors, `cell 3` by default.
  public func executeForDisplay(_ source: String, name: String? = nil) -> CellEnding {
    switch execute(source, name: name) {
    case .finished(let value):
      do {
        return .finished(try value.map { try Display($0, width: width) })
      } catch is Kernels.Interrupted {
        return .interrupted
      } catch is Language.Interrupted {
        return .interrupted
      } catch {
        return .failed(CellError(error, width: width))
      }
    case .failed(let error): return .failed(error)
    case .interrupted: return .interrupted
    }
  }
}
