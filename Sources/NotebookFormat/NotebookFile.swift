import Files
import JSONFormat

extension Notebook {
  /// Reads the file at `path` by its ending: `.ipynb` is a notebook, `.pare` and `.py` are scripts.
  /// - Throws: `FileError` naming the path and the fault.
  public init(contentsOf path: String) throws {
    let format = try NotebookFile(path: path)
    let bytes = try MappedFile(path: path).withBytes { Array($0) }
    do {
      switch format {
      case .jupyter: self = try Notebook(jupyter: bytes)
      case .script: self = try Notebook(script: bytes)
      }
    } catch let error as NotebookError {
      throw FileError(path: path, reason: error.description)
    } catch let error as JSONError {
      throw FileError(path: path, reason: error.description)
    }
  }

  /// Reads bytes whose name is not known, such as standard input: a notebook where they start with
  /// `{`, else a script.
  /// - Throws: `NotebookError` or `JSONError`.
  public init(reading bytes: [UInt8]) throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let first = bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0).first { $0 > 0x20 }
    self = try first == UInt8(ascii: "{") ? Notebook(jupyter: bytes) : Notebook(script: bytes)
  }

  /// Writes the file at `path` whole, in the format of its ending.
  /// - Throws: `FileError`.
  public func write(to path: String) throws {
    let text = try NotebookFile(path: path) == .jupyter ? jupyterText : scriptText
    try writeFile(path) { try $0.write(text) }
  }
}

/// The formats by their endings.
private enum NotebookFile {
  case jupyter, script

  init(path: String) throws {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    switch ending.lowercased() {
    case "ipynb": self = .jupyter
    case "pare", "py": self = .script
    default:
      throw FileError(
        path: path, reason: "is neither a notebook (.ipynb) nor a script (.pare) by its ending")
    }
  }
}
