import Files
import Foundation

/// A built program on disk: all that it was built from, so that one of another source, device or
/// driver is never taken for it, then a hash of the binary, since drivers end the process over a
/// damaged one, then the binary.
struct CachedProgram {
  private let path: String
  private let header: [UInt8]

  /// - Parameter key: the source, the options, the device and its driver.
  init(folder: String, family: String, key: [String]) {
    let text = key.map { "\($0.utf8.count)\n\($0)\n" }.joined()
    header = Array("pare program 1\n\(text)".utf8)
    let number = String(Checksum(header).value, radix: 16)
    path = "\(folder)/\(family)-\(number).bin"
  }

  /// The binary, nil where none is kept or the file is of something else.
  func read() -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: path),
      data.count > header.count + Self.hashSize, data.prefix(header.count).elementsEqual(header)
    else { return nil }
    let binary = Array(data.dropFirst(header.count + Self.hashSize))
    let hash = data.dropFirst(header.count).prefix(Self.hashSize)
    return hash.elementsEqual(Self.hash(of: binary)) ? binary : nil
  }

  /// Keeps a binary. A folder that cannot be written costs a build at the next start, no more.
  func write(_ binary: [UInt8]) {
    let folder = parentFolder(of: path)
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    try? writeFile(path) { try $0.write(header + Self.hash(of: binary) + binary) }
  }

  private static let hashSize = MemoryLayout<UInt64>.size

  private static func hash(of bytes: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: Checksum(bytes).value.littleEndian) { Array($0) }
  }
}
