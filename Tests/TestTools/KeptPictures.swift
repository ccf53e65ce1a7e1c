import Files
import Foundation
import JSONFormat

/// Pictures that were looked at and kept in a fixture. With `PARE_RENEW_PICTURES=1` the new ones are
/// kept in their place.
public struct KeptPictures {
  /// A small picture: red, green and blue of every pixel, row by row.
  public struct Picture: Equatable, Sendable {
    let width: Int
    let height: Int
    let bytes: [UInt8]

    /// A picture of `width * height * 3` bytes.
    public init(width: Int, height: Int, bytes: [UInt8]) {
      self.width = width
      self.height = height
      self.bytes = bytes
    }
  }

  /// The largest mean difference of a colour in a picture, of 255: the last bits of the edges of
  /// type and lines.
  private static let mean = 1.0
  /// The largest difference of one colour of one pixel.
  private static let most = 8

  private let kept: JSON

  /// The pictures of a fixture; with the environment's word they are `new` from now on.
  public init(_ path: String, new: [(name: String, picture: Picture)]) throws {
    if !new.isEmpty, ProcessInfo.processInfo.environment["PARE_RENEW_PICTURES"] != nil {
      try Self.keep(new, path)
    }
    kept = try MappedFile(path: path).withBytes { try JSON(reading: $0) }
  }

  /// Writes a fixture of pictures.
  public static func keep(_ pictures: [(name: String, picture: Picture)], _ path: String) throws {
    var made = JSONObject()
    for (name, picture) in pictures {
      made[name] = [
        "width": .int(picture.width), "height": .int(picture.height),
        "rgb": .string(Data(picture.bytes).base64EncodedString()),
      ]
    }
    try writeFile(path) { try $0.write(JSON.object(made).text(indent: 1) + "\n") }
  }

  /// How a picture differs from the one that was kept by its name; nil where it does not.
  public func difference(_ name: String, _ picture: Picture) -> String? {
    guard let old = kept[name], let bytes = Data(base64Encoded: old["rgb"]?.string ?? "") else {
      return "\(name) was not kept"
    }
    guard old["width"]?.int == picture.width, old["height"]?.int == picture.height,
      bytes.count == picture.bytes.count
    else { return "\(name) has another size: \(picture.width) x \(picture.height)" }
    let differences = zip(bytes, picture.bytes).map { abs(Int($0) - Int($1)) }
    let mean = Double(differences.reduce(0, +)) / Double(max(differences.count, 1))
    let most = differences.max() ?? 0
    guard mean > Self.mean || most > Self.most else { return nil }
    return "\(name): \(mean) in the mean, \(most) at most"
  }
}
