import Files
import Foundation

/// The last figures that prompts showed, `figures/figure-N.png` in the folder for state; several
/// prompts may share it.
struct FigureFolder {
  /// So many figures are kept.
  private static let kept = 50
  private static let (stem, ending) = ("figure-", ".png")

  private let path: String

  /// The folder, which need not be there yet.
  init(path: String = stateFolder() + "/figures") {
    self.path = path
  }

  /// Keeps a PNG as the newest and lets the oldest ones go; returns its path.
  /// - Throws: `FileError` where it cannot be written.
  func keep(_ png: [UInt8]) throws -> String {
    try makeFolders(path)
    let numbers = try self.numbers()
    let place = try claim(after: numbers.max() ?? 0)
    do {
      try writeFile(place) { try $0.write(png) }
    } catch {
      try? removeFile(place)
      throw error
    }
    // Another prompt may have removed the same ones meanwhile.
    for number in numbers.sorted().dropLast(Self.kept - 1) { try? removeFile(file(number)) }
    return place
  }

  private func file(_ number: Int) -> String { "\(path)/\(Self.stem)\(number)\(Self.ending)" }

  private func numbers() throws -> [Int] {
    try namesInFolder(path).compactMap { name in
      guard name.hasPrefix(Self.stem), name.hasSuffix(Self.ending) else { return nil }
      return Int(name.dropFirst(Self.stem.count).dropLast(Self.ending.count))
    }
  }

  /// Takes the next name that no other prompt has taken.
  private func claim(after newest: Int) throws -> String {
    var number = max(0, newest)
    while number < Int.max {
      number += 1
      let place = file(number)
      let descriptor = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        close(descriptor)
        return place
      }
      guard errno == EEXIST else {
        throw FileError(
          path: place, reason: "cannot write: " + String(cString: strerror(errno)).lowercased())
      }
    }
    throw FileError(path: path, reason: "has no number left for a figure")
  }
}
